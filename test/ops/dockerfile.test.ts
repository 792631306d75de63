import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageManagerNames } from "../../src/scaffold/templates/package-managers.ts";
import { parseDockerfile, type Stage, split } from "./dockerfile.ts";
import { choices, scaffold } from "./projects.ts";

const matrix = packageManagerNames.flatMap((name) =>
  choices.map(({ title, choice }) => ({ title: `${name}, ${title}`, name, choice })),
);

// installed.test.ts runs the instructions of one.
describe.each(matrix)("the Dockerfile for $title", ({ name, choice }) => {
  let project: string;
  let stages: Stage[];
  let ignore: string[];
  beforeAll(async () => {
    project = await scaffold(["--package-manager", name, ...choice]);
    stages = parseDockerfile(await readFile(join(project, "Dockerfile"), "utf8"));
    ignore = (await readFile(join(project, ".dockerignore"), "utf8")).split("\n");
  });

  test("copies what is there and what .dockerignore lets through, and nothing else", () => {
    const lockFiles = new Set(["package-lock.json", "pnpm-lock.yaml", "yarn.lock"]);
    const copies = stages.flatMap(({ instructions }) =>
      instructions.filter((each) => each.name === "COPY").map(({ text }) => split(text)),
    );
    const sources = copies
      .filter(({ flags }) => !flags.has("from"))
      .flatMap(({ words }) => words.slice(0, -1));
    for (const source of sources) {
      expect(ignore, source).toContain(`!${source}`);
      expect(existsSync(join(project, source)) || lockFiles.has(source), source).toBe(true);
    }
    const allowed = ignore.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(allowed.sort()).toEqual([...new Set(sources)].sort());
    expect(sources.includes("migrations")).toBe(choice.includes("--postgres"));
  });

  test("follows the rules for small and safe images", () => {
    const all = stages.flatMap(({ instructions }) => instructions);
    const last = stages.at(-1)?.instructions ?? [];
    for (const { image } of stages) expect(image).toMatch(/^node:\d+-slim$/);
    expect(all.filter((each) => each.name === "ADD")).toEqual([]);
    expect(last.findLast((each) => each.name === "USER")?.text).toBe("1000:1000");
    expect(last.filter((each) => each.name === "RUN")).toEqual([]); // no tool in the last stage
    const textOf = (name: string) => last.find((each) => each.name === name)?.text ?? "";
    // Both without a shell.
    expect(textOf("CMD")).toMatch(/^\["node", /);
    expect(textOf("HEALTHCHECK")).toMatch(/CMD \["node_modules\/\.bin\/grpc-service-health"\]$/);
    const values = all.filter(({ name: each }) => each === "ENV" || each === "ARG");
    expect(values.map(({ text }) => text).join(" ")).not.toMatch(/SECRET|PASSWORD|TOKEN|_URL/);
  });

  test("refuses install scripts that were not reviewed", async () => {
    const installs = stages[0]?.instructions.map(({ text }) => split(text).rest) ?? [];
    if (name === "npm") expect(installs).toContain("npm ci --strict-allow-scripts");
    if (name === "pnpm") {
      expect(await readFile(join(project, "pnpm-workspace.yaml"), "utf8")).toContain(
        "allowBuilds:",
      );
    }
    if (name === "yarn") {
      expect(await readFile(join(project, ".yarnrc.yml"), "utf8")).toContain(
        "enableScripts: false",
      );
    }
  });
});
