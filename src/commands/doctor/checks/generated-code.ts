import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Files, isFolder, readTree } from "../../../files.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import { findPackage, scriptCommand } from "../../project/manifest.ts";
import { errorLine } from "../../project/reason.ts";
import { type Finding, failure, ok, skipped } from "../finding.ts";

const generated = "src/gen";
const generators = ["@bufbuild/buf", "@bufbuild/protoc-gen-es", "create-grpc-service"];

/**
 * Checks that src/gen is what the protos and the installed generators give: generates into a temporary
 * folder and compares.
 */
export async function checkGeneratedCode(
  { root, manifest }: Project,
  host: Pick<Host, "env" | "signal">,
): Promise<Finding> {
  const unusable = generators.find((name) => findPackage(root, name).state !== "installed");
  if (unusable !== undefined) return skipped(`not checked: ${unusable} is missing or broken`);
  const scratch = await mkdtemp(join(tmpdir(), "doctor-"));
  try {
    const error = await generate(root, scratch, host);
    if (error !== undefined) return failure(`buf generate fails: ${error}`);
    const [expected, present] = [readGenerated(scratch), readGenerated(root)];
    const paths = [...new Set([...expected.keys(), ...present.keys()])].sort();
    const different = paths.filter((path) => expected.get(path) !== present.get(path));
    if (different.length === 0) return ok("src/gen matches the protos");
    return failure(differenceText(different), scriptCommand(manifest, "generate"));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function differenceText([first = "", ...others]: readonly string[]): string {
  const file = `${generated}/${first}`;
  if (others.length === 0) return `${file} does not match the protos`;
  return `${file} and ${others.length} more do not match the protos`;
}

/** Runs the project's buf. Returns its error in one line, if it fails. */
async function generate(
  root: string,
  output: string,
  { env, signal }: Pick<Host, "env" | "signal">,
): Promise<string | undefined> {
  const { failed, stderr, shortMessage } = await execa("buf", ["generate", "--output", output], {
    cwd: root,
    env,
    extendEnv: false,
    preferLocal: true,
    localDir: root,
    stdin: "ignore",
    cancelSignal: signal,
    reject: false,
  });
  if (!failed) return undefined;
  return errorLine(stderr) ?? (stderr.trim().split("\n", 1)[0] || shortMessage);
}

/** The files of src/gen in a project, or in what buf wrote. */
function readGenerated(root: string): Files {
  const folder = join(root, generated);
  if (!isFolder(folder)) return new Map();
  // Git may check files out with other line ends.
  const normalized = [...readTree(folder)].map(([path, text]): [string, string] => [
    path,
    text.replaceAll("\r\n", "\n"),
  ]);
  return new Map(normalized);
}
