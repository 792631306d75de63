import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { releaseProblems } from "./release/release-problems.ts";

/** Exits with 1 if the tag, the first argument, does not match the packages and the changelog. */
const [tag = ""] = process.argv.slice(2);
const read = (path: string) => readFile(join(packageRoot(), path), "utf8");
const manifests = await Promise.all(
  ["package.json", "runtime/package.json"].map(async (path) => JSON.parse(await read(path))),
);
const problems = releaseProblems(tag, manifests, await read("CHANGELOG.md"));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
