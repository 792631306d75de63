import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { reason } from "../../src/reason.ts";
import { type Finding, failure, ok } from "./check.ts";
import { findPackage } from "./manifest.ts";

const generated = join("src", "gen");

/**
 * Generates into a folder of its own and compares: src/gen must be what the protos and the installed
 * generators give.
 */
export async function checkGeneratedCode(root: string, generate: string): Promise<Finding> {
  const scratch = await mkdtemp(join(tmpdir(), "doctor-"));
  try {
    await buf(root, ["generate", "--output", scratch]);
    const [expected, present] = await Promise.all([
      readTree(join(scratch, generated)),
      readTree(join(root, generated)),
    ]);
    const paths = [...new Set([...expected.keys(), ...present.keys()])].sort();
    const different = paths.filter((path) => expected.get(path) !== present.get(path));
    if (different.length === 0) return ok("src/gen is what the protos give");
    const [first = ""] = different;
    const others = different.length > 1 ? ` and ${different.length - 1} more` : "";
    const file = join(generated, first).replaceAll("\\", "/");
    return failure(`${file}${others}: not what the protos give`, generate);
  } catch (error) {
    return failure(`cannot generate: ${reason(error)}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @throws Error with the first line that buf writes. */
async function buf(root: string, args: readonly string[]): Promise<void> {
  const found = findPackage(root, "@bufbuild/buf");
  const bin = found?.manifest.bin;
  const script = typeof bin === "string" ? bin : bin?.buf;
  if (found === undefined || script === undefined) throw new Error("buf is not installed");
  const command = [join(found.folder, script), ...args];
  try {
    await promisify(execFile)(process.execPath, command, { cwd: root });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw said === "" ? error : new Error(said);
  }
}

/** Every file below a folder: path in it -> text. */
async function readTree(folder: string): Promise<Map<string, string>> {
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }): Promise<[string, string]> => {
    const path = join(parentPath, name);
    const text = await readFile(path, "utf8");
    // Git may have checked it out with other line ends.
    return [path.slice(folder.length + 1), text.replaceAll("\r\n", "\n")];
  });
  return new Map(await Promise.all(read));
}
