import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson, property } from "../../json.ts";
import { UsageError } from "../../terminal/errors.ts";
import { filesBelow } from "../disk/plan.ts";
import { runBuf } from "../protos/buf.ts";
import { descriptorsFile } from "../protos/names.ts";
import type { Base } from "./find-base.ts";
import { writeOldProtos } from "./old-protos.ts";

/**
 * What in the protos of a project breaks callers that know those of a commit, by the rules in its
 * `buf.yaml`: a line each, as buf prints them.
 *
 * @returns undefined if the project had no protos in that commit
 * @throws UsageError when buf cannot compare
 */
export async function breakingChanges(
  root: string,
  base: Base,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "breaking-"));
  try {
    const old = join(folder, "old");
    await mkdir(old);
    if (!(await writeOldProtos(root, base, old, signal))) return undefined;
    await copyConfiguration(root, old);
    const against = await protosIn(old);
    if (against === undefined) return undefined;
    const present = await protosIn(root);
    if (present === undefined) return await allDeleted(root, against, folder, signal);
    return await compare(root, present, against, signal);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What buf reads in a folder: its .proto files, or the descriptor set. Undefined if it has none. */
async function protosIn(folder: string): Promise<string | undefined> {
  const paths = await filesBelow(join(folder, "proto"));
  if (paths.some((path) => path.endsWith(".proto"))) return folder;
  return paths.includes(descriptorsFile) ? join(folder, "proto", descriptorsFile) : undefined;
}

async function copyConfiguration(root: string, folder: string): Promise<void> {
  for (const name of ["buf.yaml", "buf.lock"]) {
    if (existsSync(join(root, name))) await copyFile(join(root, name), join(folder, name));
  }
}

/** buf compares nothing with nothing: a file without declarations stands in for it. */
async function allDeleted(
  root: string,
  against: string,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const empty = join(folder, "empty");
  await mkdir(join(empty, "proto"), { recursive: true });
  await copyConfiguration(root, empty);
  await writeFile(join(empty, "proto", "deleted.proto"), 'syntax = "proto3";\n');
  const findings = await compare(empty, empty, against, signal);
  return findings.length > 0 ? findings : ["all protos were deleted"];
}

async function compare(
  folder: string,
  present: string,
  against: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  // Of the folder itself, buf prints paths relative to it.
  const shown = present === folder ? "." : present;
  const args = ["breaking", shown, "--against", against, "--error-format=json"];
  const { succeeded, output, errors } = await runBuf(args, { folder, signal });
  if (succeeded) return [];
  const findings = parseFindings(Buffer.from(output).toString());
  const error = findings.find(({ rule }) => rule === "COMPILE");
  if (error !== undefined || findings.length === 0) {
    const reason = error?.line ?? errors.trim().replaceAll("\n", "; ");
    throw new UsageError(`the protos cannot be compared: ${reason}`);
  }
  return findings.map(({ line }) => line);
}

interface Finding {
  /** Name of buf's rule. */
  readonly rule: string;
  /** Place and text. */
  readonly line: string;
}

/** @param output a line of JSON each */
function parseFindings(output: string): Finding[] {
  const lines = output.split("\n").filter((line) => line !== "");
  return lines.map((text) => {
    const json = parseJson(text);
    const part = (name: string) => String(property(json, name) ?? "");
    const path = part("path");
    const place = [path, part("start_line"), part("start_column")].filter(Boolean);
    // What was deleted with its file has no path.
    const at = path === "" ? "" : `${place.join(":")}: `;
    return { rule: part("type"), line: at + part("message") };
  });
}
