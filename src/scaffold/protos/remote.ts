import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { runGit } from "../git.ts";
import { runBuf } from "./buf.ts";
import type { Input } from "./inputs.ts";
import { isInside } from "./sources/paths.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/** How inputs are fetched. */
interface Fetching {
  readonly signal: AbortSignal;
  readonly note?: ((text: string) => void) | undefined;
}

/**
 * Runs `work` on the inputs, with a copy in a temporary folder for each one that is not on this machine.
 *
 * @throws UsageError when one cannot be fetched
 */
export async function withCopies<T>(
  inputs: readonly Input[],
  fetching: Fetching,
  work: (inputs: readonly Input[]) => Promise<T>,
): Promise<T> {
  if (!inputs.some(isRemote)) return work(inputs);
  return inTemporaryFolder(async (folder) => {
    const copies: Input[] = [];
    for (const [index, input] of inputs.entries()) {
      const copy = join(folder, String(index));
      copies.push(isRemote(input) ? await fetchInput(input, copy, fetching) : input);
    }
    return work(copies);
  });
}

export function isRemote({ kind }: Input): boolean {
  return kind === "git" || kind === "module";
}

async function fetchInput(
  { kind, shown }: Input,
  copy: string,
  { signal, note }: Fetching,
): Promise<Input> {
  note?.(`Fetching ${printable(shown)} ...\n`);
  const path = kind === "git" ? await clone(shown, copy, signal) : copy;
  if (kind === "module") await exportModule(shown, copy, signal);
  return { kind: "folder", path, shown };
}

/** @returns the folder of the protos in the clone */
async function clone(value: string, copy: string, signal: AbortSignal): Promise<string> {
  const shown = `--proto ${printable(value)}`;
  const { url, ref, subdir } = parseGit(value, shown);
  const branch = ref === undefined ? [] : ["--branch", ref];
  const { exitCode, startError, timedOut, errors } = await runGit(
    ".",
    ["clone", "--quiet", "--depth=1", ...branch, "--", url, copy],
    {
      env: { GIT_TERMINAL_PROMPT: "0", GIT_LFS_SKIP_SMUDGE: "1" },
      signal,
      timeoutMs: fetchLimitMs,
    },
  );
  if (signal.aborted) throw new InterruptedError();
  if (startError === "ENOENT") throw new UsageError(`${shown} needs git, which is not installed`);
  if (exitCode !== 0)
    throw new UsageError(`${shown} cannot be cloned: ${reason(errors, timedOut)}`);
  const folder = join(copy, subdir);
  const entry = await stat(folder).catch(() => undefined);
  if (entry?.isDirectory() === true && (folder === copy || isInside(copy, folder))) return folder;
  throw new UsageError(`${shown} has no folder ${printable(subdir)}`);
}

/** Reads `<url>#branch=<name>,subdir=<path>`, which is how buf writes a part of a repository. */
function parseGit(value: string, shown: string) {
  const [url = "", fragment = ""] = value.split("#");
  const options = new Map(
    fragment.split(",").flatMap((option): [string, string][] => {
      const [name = "", text = ""] = option.split("=");
      return name === "" ? [] : [[name, text]];
    }),
  );
  const ref = options.get("branch") ?? options.get("tag");
  const unknown = [...options.keys()].find((name) => !["branch", "tag", "subdir"].includes(name));
  if (unknown !== undefined || ref === "" || ref?.startsWith("-") === true) {
    throw new UsageError(`${shown}: after # give branch=<name> or tag=<name>, and subdir=<path>`);
  }
  return { url, ref, subdir: options.get("subdir") ?? "." };
}

async function exportModule(name: string, copy: string, signal: AbortSignal): Promise<void> {
  const args = ["export", name, "--output", copy];
  const patience = { noteAfterMs: fetchLimitMs, limitMs: fetchLimitMs };
  const { succeeded, errors } = await runBuf(args, { folder: ".", signal, patience });
  if (succeeded) return;
  throw new UsageError(`--proto ${printable(name)} cannot be fetched: ${reason(errors, false)}`);
}

const fetchLimitMs = 120_000;

/** The line of a program's errors that says why. */
function reason(errors: string, timedOut: boolean): string {
  if (timedOut) return "it takes more than 2 minutes";
  const lines = errors.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((each) => /^(?:fatal|Failure): /.test(each)) ?? lines.at(-1);
  return line?.replace(/^(?:fatal|Failure): /, "") ?? "no reason was given";
}
