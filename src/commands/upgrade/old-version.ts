import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ProjectRecord } from "../../scaffold/new/record.ts";
import { runProgram } from "../../scaffold/program.ts";
import { foldersIn } from "../../scaffold/templates/manifests.ts";
import { InterruptedError, StepError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import type { Contents } from "../merge/plan-merge.ts";
import { readOwnedFiles } from "../merge/render.ts";
import { findProject } from "../project/find-project.ts";
import { findPackage } from "../project/manifest.ts";

const packageName = "create-grpc-service";

/** The version that wrote a project, and the project. */
export interface OldVersion {
  readonly root: string;
  readonly record: Pick<ProjectRecord, "version" | "answers">;
  /** `--from`: where npm gets that version. Default: the project's own copy, vendor/, the registry. */
  readonly from: string | undefined;
}

/**
 * Renders the files of the user as the version that wrote them would print them now: runs that version with
 * the recorded answers.
 *
 * @throws UsageError or StepError when that version cannot be had, or fails
 */
export async function renderOldVersion(
  old: OldVersion,
  host: Pick<Host, "note" | "signal">,
): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-old-"));
  try {
    const program = await programOf(old, folder, host);
    const args = [join(folder, "project"), ...argumentsFor(old, program)];
    const bin = join(program, "dist", "create-grpc-service.js");
    const { exitCode, errors, output } = await runProgram(process.execPath, [bin, ...args], {
      folder,
      signal: host.signal,
    });
    if (host.signal.aborted) throw new InterruptedError();
    if (exitCode !== 0) {
      const reason = printable(errors.trim() || Buffer.from(output).toString().trim());
      throw new StepError(`${packageName} ${old.record.version} failed: ${reason}`);
    }
    return await readOwnedFiles(join(folder, "project"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folder of the package of the old version. */
async function programOf(
  { root, record: { version }, from }: OldVersion,
  folder: string,
  { note, signal }: Pick<Host, "note" | "signal">,
): Promise<string> {
  const installed = findPackage(root, packageName);
  if (from === undefined && installed.state === "installed" && installed.version === version) {
    return installed.folder;
  }
  const specifier = from ?? specifierOf(root, version);
  const place = join(folder, "npm");
  await mkdir(place);
  await writeFile(join(place, "package.json"), "{}");
  note(`Fetching ${packageName} ${version} with npm ...\n`);
  const args = ["install", specifier, "--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
  const { exitCode, startError, errors } = await runProgram("npm", args, { folder: place, signal });
  if (signal.aborted) throw new InterruptedError();
  if (startError === "ENOENT")
    throw new UsageError("npm is not installed; it fetches the old version");
  const found = findPackage(place, packageName);
  if (exitCode !== 0 || found.state !== "installed") {
    const reason = errors.trim().split("\n")[0] ?? "";
    throw new StepError(
      `npm could not fetch ${printable(specifier)}${reason === "" ? "" : `: ${printable(reason)}`}; give its tarball with --from`,
    );
  }
  if (found.version !== version) {
    throw new UsageError(
      `this project was written by ${version}, but ${printable(specifier)} is ${found.version}`,
    );
  }
  return found.folder;
}

/** Not from the registry if the project's own came from elsewhere: what has our name there need not be ours. */
function specifierOf(root: string, version: string): string {
  const tarball = join(root, "vendor", `${packageName}-${version}.tgz`);
  if (existsSync(tarball)) return `file:${tarball}`;
  const own = findProject(root).manifest.dependencies.get(packageName) ?? "";
  if (!/^(?:file|link|portal):/.test(own)) return `${packageName}@${version}`;
  throw new UsageError(
    `${packageName} ${version}, which wrote this project, is neither installed nor in vendor/${basename(tarball)}; install it or restore that file, or give its tarball with --from`,
  );
}

function argumentsFor({ root, record }: OldVersion, program: string): string[] {
  const { name, starter, additions, packageManager } = record.answers;
  const known = foldersIn(program, "additions");
  return [
    ...["--yes", "--no-install", "--no-git", "--name", name, "--package-manager", packageManager],
    ...(starter === "" ? protoArguments(root) : [`--starter=${starter}`]),
    ...known.map((addition) => `--${additions.includes(addition) ? "" : "no-"}${addition}`),
  ];
}

function protoArguments(root: string): string[] {
  const descriptors = join(root, "proto", "descriptors.binpb");
  if (existsSync(descriptors)) return [`--proto=${descriptors}`];
  const protos = join(root, "proto");
  return [`--proto=${protos}`, `--import-path=${protos}`];
}
