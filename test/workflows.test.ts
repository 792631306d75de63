import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../src/package-root.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(packageRoot(), ".github/workflows");
const names = readdirSync(folder);
const text = (name: string) => readFileSync(join(folder, name), "utf8");
const read = (name: string): Workflow => JSON.parse(JSON.stringify(load(text(name))));
const manifest: {
  scripts: Record<string, string>;
  engines: { node: string };
  devDependencies: Record<string, string>;
} = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
const makefile = readFileSync(join(packageRoot(), "Makefile"), "utf8");

test("there are workflows for changes, for new versions of dependencies, and for releases", () => {
  expect(names.sort()).toEqual(["ci.yml", "newest.yml", "release.yml"]);
});

describe.each(names)("%s", (name) => {
  const { on, permissions, jobs } = read(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  test("reads the repository only, and only the publishing job gets an identity token", () => {
    expect(permissions).toEqual({ contents: "read" });
    for (const [id, job] of Object.entries(jobs)) {
      const publishes = name === "release.yml" && id === "publish";
      const granted = publishes ? { contents: "read", "id-token": "write" } : undefined;
      expect(job.permissions, id).toEqual(granted);
    }
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(text(name)).not.toContain("secrets.");
  });

  test("uses actions by their major version, and leaves no token in the checkout", () => {
    for (const { uses, with: settings } of steps) {
      if (uses === undefined) continue;
      expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
      if (uses.startsWith("actions/checkout@")) {
        expect(settings).toEqual({ "persist-credentials": false });
      }
    }
    for (const { uses } of Object.values(jobs)) {
      if (uses !== undefined) expect(existsSync(join(packageRoot(), uses)), uses).toBe(true);
    }
  });

  test("puts no value into a script except by its environment", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  test("has a time limit for every job", () => {
    for (const [id, job] of Object.entries(jobs)) {
      if (job.uses === undefined) expect(job["timeout-minutes"], id).toBeLessThanOrEqual(60);
    }
  });

  test("runs scripts, targets and files that exist", () => {
    const commands = steps.flatMap(({ run }) => run?.trim().split("\n") ?? []);
    expect(commands).not.toEqual([]);
    for (const command of commands) expect(isKnown(command), command).toBe(true);
  });
});

/** Whether a command starts a script, a target or a file of this repository, or npm itself. */
function isKnown(command: string): boolean {
  const [program = "", first = "", second = ""] = command.split(" ");
  if (program === "make") return makefile.includes(`\n${first}:`);
  if (program === "npx" && first === "tsx") return existsSync(join(packageRoot(), second));
  if (program !== "npm") return existsSync(join(packageRoot(), program));
  if (first === "run") return second in manifest.scripts;
  return ["ci", "test", "publish"].includes(first);
}

test("CI runs the oldest Node.js that we support, and the ends of the range of grpc-js", () => {
  const { node, "grpc-js": grpcJs } = read("ci.yml").jobs;
  expect(`>=${node?.strategy?.matrix.node?.[0]}`).toBe(manifest.engines.node);
  const newest = grpcJs?.strategy?.matrix.version?.at(-1);
  expect(manifest.devDependencies["@grpc/grpc-js"]).toMatch(new RegExp(`^${newest}\\.\\d+$`));
});

test("a release is published only after all of CI and the check of its tag", () => {
  const { jobs } = read("release.yml");
  expect(jobs.ci?.uses).toBe("./.github/workflows/ci.yml");
  expect(jobs.publish?.needs).toBe("ci");
  expect(Object.keys(read("ci.yml").on)).toContain("workflow_call");
  const commands = (jobs.publish?.steps ?? []).flatMap(({ run }) => run ?? []);
  expect(commands).toEqual([
    "npm ci",
    'npx tsx scripts/check-release.ts "$GITHUB_REF_NAME"',
    "npm run build",
    "npm publish --ignore-scripts --provenance --access public",
    "npm publish --ignore-scripts --provenance --access public",
  ]);
});
