import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect } from "vitest";
import type { Contents } from "../../../src/commands/merge/plan-merge.ts";
import { renderFiles } from "../../../src/commands/merge/render.ts";
import { readRecord } from "../../../src/commands/project/read-record.ts";
import { type Upgrade, upgradeProject } from "../../../src/commands/upgrade/upgrade-project.ts";
import { runGit } from "../../../src/scaffold/git.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { proto, quick, readFiles, run, temporaryFolder } from "../../scaffold/support.ts";
import { otherVersion, type Patches } from "../../support/other-version.ts";

let original: string;
let root: string;

/** Makes a project for a proto with one RPC, and a committed copy of it in a new folder before each test. */
export function copyBeforeEach(): void {
  beforeAll(async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "user.proto"), proto("user"));
    expect((await run(["demo", ...quick, "--proto", "user.proto"], { cwd })).code).toBe(0);
    original = join(cwd, "demo");
    await runGit(original, ["init", "--quiet"]);
    await commit(original);
  });

  beforeEach(async () => {
    root = join(await temporaryFolder(), "demo");
    await cp(original, root, { recursive: true });
  });
}

/** Absolute path of a file of the copy; without a path, of the copy itself. */
export function inProject(path = ""): string {
  return join(root, path);
}

export function text(path: string): Promise<string> {
  return readFile(inProject(path), "utf8");
}

/** Changes a file of the copy. */
export async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await text(path);
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(inProject(path), after);
}

/** Commits everything. */
export async function commit(folder = root): Promise<void> {
  await runGit(folder, ["add", "--all"]);
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const { exitCode, errors } = await runGit(folder, [...who, "commit", "--quiet", "-m", "A step"]);
  expect(errors).toBe("");
  expect(exitCode).toBe(0);
}

/** The project without git. */
export function forgetGit(): Promise<void> {
  return rm(inProject(".git"), { recursive: true });
}

/** What a run of an upgrade printed. A usage error is its message and code 2. */
export interface Upgraded {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
  /** Paths that are not as before. */
  readonly changed: readonly string[];
}

/** Upgrades the copy to a version with these patches. */
export async function upgrade(patches: Patches, more: Partial<Upgrade> = {}): Promise<Upgraded> {
  const version = more.version ?? "0.2.0";
  const record = await readRecord(root);
  const { signal } = new AbortController();
  let output = "";
  let notes = "";
  const before = await readFiles(root);
  const running = upgradeProject({
    root,
    record,
    version,
    renderOld: () => rendered(record.version),
    renderNew: () => rendered(version, patches),
    migrations: [],
    skip: [],
    steps: [],
    dryRun: false,
    ...more,
    host: {
      cwd: root,
      env: {},
      interactive: false,
      columns: 80,
      signal,
      print: (text) => {
        output += text;
      },
      note: (text) => {
        notes += text;
      },
      ...more.host,
    },
  });
  const code = await running.catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    notes += error.message;
    return 2;
  });
  const after = await readFiles(root);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const isOfGit = (path: string) => path.startsWith(".git/");
  const changed = paths.filter((path) => !isOfGit(path) && before.get(path) !== after.get(path));
  return { code, output, notes, changed };
}

const versions = new Map<
  string,
  { readonly patches: Patches; readonly files: Promise<Contents> }
>();

/** What a version writes for the proto of the copy, rendered once. Without patches: as it was before. */
async function rendered(version: string, patches?: Patches): Promise<Contents> {
  const known = versions.get(version);
  if (known !== undefined && (patches ?? known.patches) === known.patches) return known.files;
  const files = render(version, patches ?? {});
  versions.set(version, { patches: patches ?? {}, files });
  return files;
}

async function render(version: string, patches: Patches): Promise<Contents> {
  const folder = await otherVersion(await temporaryFolder(), version, patches);
  const { answers } = await readRecord(original);
  const packages = { self: `^${version}`, library: `^${version}`, vendor: new Map() };
  const { signal } = new AbortController();
  return renderFiles({ root: original, answers, packages, packageRoot: folder, signal });
}
