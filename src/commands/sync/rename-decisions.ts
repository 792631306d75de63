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
  const none = rename.includes("none");
  if (none && rename.length > 1) {
    throw new UsageError(
      '--rename none means that nothing was renamed: leave out the other "--rename"',
    );
  }
  return {
    none,
    renames: [
      ...rename.filter((value) => value !== "none").map((value) => parse("rename", value)),
      ...copy.map((value) => parse("copy", value)),
    ],
  };
}

/** `user.UserService/GetUser=user.UserService/FetchUser`; the service of the new name can be left out. */
function parse(kind: Rename["kind"], value: string): Rename {
  const [, service, method, to] = /^\.?([\w.]+)(?:\/(\w+))?=\.?([\w./]+)$/.exec(value) ?? [];
  if (service === undefined || to === undefined || (kind === "copy" && method !== undefined)) {
    const form =
      kind === "copy"
        ? "user.v1.UserService=user.v2.UserService"
        : "user.UserService/GetUser=user.UserService/FetchUser";
    throw new UsageError(`--${kind} "${printable(value)}" is not of the form ${form}`);
  }
  if (method === undefined) {
    if (!to.includes("/")) return { kind, from: service, to };
    throw new UsageError(`--${kind} "${printable(value)}" gives a service the name of an RPC`);
  }
  return { kind, from: `${service}/${method}`, to: to.includes("/") ? to : `${service}/${to}` };
}
