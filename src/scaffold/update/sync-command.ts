import { relative, resolve, sep } from "node:path";
import type { Host } from "../../terminal/host.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import type { Target } from "../disk/target.ts";
import { isFetched } from "../protos/inputs.ts";
import type { AddedProtos } from "./project-protos.ts";

/** Prints the command that runs again with further flags. */
export type SyncCommand = (flags: readonly string[]) => string;

/** The run that {@link syncCommand} repeats. */
export interface RepeatedRun {
  readonly target: Target;
  readonly options: AddedProtos;
  readonly host: Pick<Host, "cwd">;
  /** Whether the protos came from the source in the record. */
  readonly fromSource?: boolean;
}

/** The command that repeats a run, as it can be copied into the terminal that the run was started in. */
export function syncCommand({
  target,
  options,
  host: { cwd },
  fromSource = false,
}: RepeatedRun): SyncCommand {
  const isInside = `${cwd}${sep}`.startsWith(`${target.path}${sep}`);
  const there = (path: string) =>
    isInside || isFetched(path) ? path : relative(target.path, resolve(cwd, path)) || ".";
  const given = fromSource
    ? ["--source"]
    : [
        ...options.proto.map((path) => `--proto ${shellWord(there(path))}`),
        ...options.importPaths.map((path) => `--import-path ${shellWord(there(path))}`),
      ];
  const force = options.force ? ["--force"] : [];
  const change = isInside ? "" : `cd ${shellWord(target.shown)} && `;
  return (flags) => [`${change}npx grpc-service sync`, ...given, ...force, ...flags].join(" ");
}
