import { readdir } from "node:fs/promises";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import { lockName } from "../../scaffold/disk/project-lock.ts";
import { stageName } from "./stage.ts";

/** Folders with files that nobody writes by hand. */
const skipped: ReadonlySet<string> = new Set([
  ...["node_modules", "dist", "coverage", "vendor", ".git", ".data", "src/gen"],
  ".create-grpc-service",
]);

/** Paths of the files of a project that somebody may have written, sorted. Links are not followed. */
export async function filesOfUser(root: string): Promise<string[]> {
  const paths: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(`${root}/${folder}`, { withFileTypes: true })) {
      const path = folder + entry.name;
      if (entry.isFile()) paths.push(path);
      else if (entry.isDirectory() && !isSkipped(entry.name, path)) await visit(`${path}/`);
    }
  };
  await visit("");
  return paths.sort();
}

function isSkipped(name: string, path: string): boolean {
  const ofRun = name.startsWith(stageName) || name.startsWith(lockName);
  return skipped.has(name) || skipped.has(path) || ofRun;
}

/** Texts of the TypeScript and JavaScript among these files. */
export async function readSources(
  root: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const path of paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path))) {
    const content = await readIfPresent(`${root}/${path}`);
    if (content !== undefined) sources.set(path, content.toString("utf8"));
  }
  return sources;
}

/** Whether a source imports a package or a part of it. */
export function importsPackage(source: string, name: string): boolean {
  return [`"${name}"`, `'${name}'`, `"${name}/`, `'${name}/`].some((text) => source.includes(text));
}
