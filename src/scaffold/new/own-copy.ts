import { dirname, join } from "node:path";
import { execa } from "execa";
import { parseJson, property } from "../../json.ts";
import { readIfPresent } from "../disk/plan.ts";
import { parseRecord, recordFile } from "./record.ts";

/** The copy of create-grpc-service that a project has installed, if it is not the running one. */
export interface OwnCopy {
  readonly version: string;
  /** Its `create-grpc-service`, a file for Node.js. */
  readonly program: string;
}

/** How a project and the running version differ. */
export interface VersionGap {
  /** The version that wrote the project. Undefined if that is the running one, or not recorded. */
  readonly recorded: string | undefined;
  /** Undefined if the project has none installed, or one of the running version. */
  readonly copy: OwnCopy | undefined;
}

/**
 * Compares the running version with the one of a project, before anything is written. With a `copy`, that
 * one must run instead (`runOwnCopy`): `npm run generate` uses it, and would print something else.
 *
 * @param version of the running program
 */
export async function versionGap(project: string, version: string): Promise<VersionGap> {
  const record = parseRecord((await readText(join(project, recordFile))) ?? "");
  const recorded = record?.version === version ? undefined : record?.version;
  const installed = await installedCopy(project);
  return { recorded, copy: installed?.version === version ? undefined : installed };
}

/** In the nearest node_modules that has it: a workspace above may have installed it. */
async function installedCopy(project: string): Promise<OwnCopy | undefined> {
  for (let above = project; ; above = dirname(above)) {
    const folder = join(above, "node_modules", "create-grpc-service");
    const manifest = await readText(join(folder, "package.json"));
    if (manifest !== undefined) {
      const version = property(parseJson(manifest), "version");
      const program = join(folder, "dist", "create-grpc-service.js");
      const isUsable = typeof version === "string" && (await readText(program)) !== undefined;
      return isUsable ? { version, program } : undefined;
    }
    if (above === dirname(above)) return undefined;
  }
}

/** One line to print when the project has no copy of its own to run. Empty if the versions are the same. */
export function versionGapText({ recorded }: VersionGap, version: string): string {
  if (recorded === undefined) return "";
  return `This project was written by create-grpc-service ${recorded}, and this is ${version}; grpc-service upgrade brings its files up to that.\n`;
}

/** Runs the project's own copy with the streams of this process. Returns its exit code. */
export async function runOwnCopy(
  { program }: OwnCopy,
  args: readonly string[],
  cwd: string,
): Promise<number> {
  const { exitCode } = await execa(process.execPath, [program, ...args], {
    cwd,
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}

async function readText(path: string): Promise<string | undefined> {
  return (await readIfPresent(path))?.toString("utf8");
}
