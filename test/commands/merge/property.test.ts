import { beforeAll, describe, expect, test } from "vitest";
import { findMoves } from "../../../src/commands/merge/find-moves.ts";
import { mergeWithGit } from "../../../src/commands/merge/git.ts";
import type { MergeText } from "../../../src/commands/merge/merge-text.ts";
import { mergeWithLibrary } from "../../../src/commands/merge/merge-with-library.ts";
import {
  type Contents,
  changedPaths,
  type MergedFile,
  planMerge,
  type Sides,
} from "../../../src/commands/merge/plan-merge.ts";
import { renderFiles } from "../../../src/commands/merge/render.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { contentHash } from "../../../src/scaffold/new/record.ts";
import { temporaryFolder } from "../../scaffold/support.ts";
import { otherVersion } from "../../support/other-version.ts";
import { type EditedProject, editAtRandom } from "./user-edits.ts";
import { versionPairs } from "./versions.ts";

const labels = { ours: "yours", base: "old", theirs: "new" };

function render(root: string): Promise<Contents> {
  return renderFiles({
    root: "",
    answers: { name: "users", starter: "user", additions: ["postgres"], packageManager: "npm" },
    packages: { self: "^0.1.0", library: "^0.1.0", vendor: new Map() },
    packageRoot: root,
    signal: new AbortController().signal,
  });
}

let base: Contents;
beforeAll(async () => {
  base = await render(packageRoot());
});

/** Plans the upgrade of a project in memory. */
async function upgrade({ files }: EditedProject, raw: Sides, merge: MergeText) {
  const hashes = new Map([...raw.base].map(([path, content]) => [path, contentHash(content)]));
  const read = async (path: string) => files.get(path);
  const wanted = changedPaths(raw);
  const present = [...files.keys()].sort();
  return planMerge({
    raw,
    formatted: raw,
    hashes,
    moves: await findMoves({ read, base: raw.base, hashes, present, wanted }),
    read,
    isUsed: () => false,
    migrate: (_path, text) => text,
    merge,
    labels,
  });
}

/** The project after the upgrade. */
function applied(project: EditedProject, plan: readonly MergedFile[]): Map<string, Buffer> {
  const after = new Map(project.files);
  for (const { path, action, content } of plan) {
    if (action === "remove") after.delete(path);
    else if (content !== undefined) after.set(path, Buffer.from(content));
  }
  return after;
}

/** What is wrong about an upgrade: the user lost something, or a conflict has one side only. */
function faults(project: EditedProject, { base, theirs }: Sides, plan: readonly MergedFile[]) {
  const after = applied(project, plan);
  const all = [...after.values()].map(String).join("\n");
  const lost = project.lines.filter((line) => !all.split("\n").includes(line));
  const broken = [...project.own].filter(([path, content]) => after.get(path) !== content);
  const returned = [...project.deleted].filter((path) => after.has(path));
  const untouched = [...theirs].filter(([path]) => {
    const isTouched =
      project.edited.has(path) || project.deleted.has(path) || project.moved.has(path);
    // A new file in a folder that the user has removed.
    const isAbsent = plan.some((file) => file.path === path && file.action === "absent");
    return !isTouched && !isAbsent;
  });
  const stale = untouched.filter(([path, content]) => after.get(path)?.equals(content) !== true);
  const oneSided = plan.filter(({ action, path, content }) => {
    if (action !== "conflict") return false;
    const [place] = [...project.moved].find(([, target]) => target === path) ?? [path];
    const isEdited = project.edited.has(path);
    const isChanged = base.get(place)?.equals(theirs.get(place) ?? Buffer.of()) === false;
    return !isEdited || !isChanged || hasOneSidedConflict(String(content));
  });
  return {
    lost,
    broken: broken.map(([path]) => path),
    returned,
    stale: stale.map(([path]) => path),
    oneSided: oneSided.map(({ path }) => path),
  };
}

function hasOneSidedConflict(text: string): boolean {
  const blocks = text.matchAll(
    /^<<<<<<< yours\n([\s\S]*?)^\|{7} old\n([\s\S]*?)^={7}\n([\s\S]*?)^>{7} new$/gm,
  );
  return [...blocks].some(([, ours, base, theirs]) => ours === base || theirs === base);
}

const none = { lost: [], broken: [], returned: [], stale: [], oneSided: [] };

describe.each(Object.entries(versionPairs))("from one version to another: %s", (_, patches) => {
  let raw: Sides;
  beforeAll(async () => {
    const theirs = await render(await otherVersion(await temporaryFolder(), "0.2.0", patches));
    raw = { base, theirs };
    expect(changedPaths(raw).length).toBeGreaterThan(2);
  });

  const cases = async (count: number, merge: MergeText) => {
    const seen = { conflict: 0, merge: 0, absent: 0, keep: 0, replace: 0, add: 0, remove: 0 };
    for (let seed = 1; seed <= count; seed++) {
      const project = editAtRandom(base, changedPaths(raw), seed);
      const plan = await upgrade(project, raw, merge);
      expect({ seed, ...faults(project, raw, plan) }).toEqual({ seed, ...none });
      for (const { action } of plan) seen[action]++;
    }
    return seen;
  };

  test("100 edited projects lose no line, without git", async () => {
    const seen = await cases(100, mergeWithLibrary);
    expect(seen.merge).toBeGreaterThan(20);
  });

  test("5 edited projects lose no line, with git", async () => {
    expect((await cases(5, mergeWithGit)).merge).toBeGreaterThan(0);
  });

  test("an unchanged project becomes what the new version writes", async () => {
    const untouched = editAtRandom(base, [], 0);
    const project = { ...untouched, files: new Map(base), own: new Map() };
    const after = applied(project, await upgrade(project, raw, mergeWithLibrary));
    const texts = (files: Contents) => [...files].map(([path, text]) => `${path}\n${text}`).sort();
    expect(texts(after)).toEqual(texts(raw.theirs));
  });
});
