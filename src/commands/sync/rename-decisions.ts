import type { RenameDecisions } from "../../scaffold/update/renames/decide-renames.ts";
import type { Rename } from "../../scaffold/update/renames/rename.ts";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Reads `--rename` and `--copy`.
 *
 * @throws UsageError for a value that is not `Old=New`
 */
export function renameDecisions(flags: {
  readonly rename?: readonly string[] | undefined;
  readonly copy?: readonly string[] | undefined;
}): RenameDecisions {
  const { rename = [], copy = [] } = flags;
  return {
    none: rename.includes("none"),
    renames: [
      ...rename.filter((value) => value !== "none").map((value) => parse("rename", value)),
      ...copy.map((value) => parse("copy", value)),
    ],
  };
}

/** `GetUser=FetchUser`, or with the names of service and package: `user.UserService/GetUser=FetchUser`. */
function parse(kind: Rename["kind"], value: string): Rename {
  const [, from, to] = /^\.?([\w.]+(?:\/\w+)?)=\.?([\w.]+(?:\/\w+)?)$/.exec(value) ?? [];
  if (from === undefined || to === undefined || (kind === "copy" && value.includes("/"))) {
    const form =
      kind === "copy"
        ? "user.v1.UserService=user.v2.UserService"
        : "GetUser=FetchUser or user.UserService/GetUser=user.UserService/FetchUser";
    throw new UsageError(`--${kind} "${printable(value)}" is not of the form ${form}`);
  }
  if (to.includes("/") && !from.includes("/")) {
    throw new UsageError(`--${kind} "${printable(value)}" gives a service the name of an RPC`);
  }
  return { kind, from, to };
}
