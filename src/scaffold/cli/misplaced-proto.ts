import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { isFetched } from "../protos/inputs.ts";
import { isProtoPath } from "../protos/names.ts";

/**
 * Refuses protos in the place of the project folder: a folder of that name would be made for a starter.
 *
 * @throws UsageError that says what to type
 */
export function refuseProtos(folders: readonly string[]): void {
  const proto = folders.find((folder) => isProtoPath(folder) || isFetched(folder));
  if (proto !== undefined) {
    throw new UsageError(
      `expected a folder, not "${printable(proto)}"; give it as --proto ${shellWord(proto)}`,
    );
  }
  // It is not shown: a URL may have a password.
  if (folders.some((folder) => /^[a-z][a-z0-9+.-]*:\/\//i.test(folder))) {
    throw new UsageError(
      "expected a folder, not a URL; give a git repository as --proto <url>.git",
    );
  }
}
