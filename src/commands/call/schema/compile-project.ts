import { join } from "node:path";
import { runBuf } from "../../../scaffold/protos/buf.ts";
import { compileError } from "../../../scaffold/protos/diagnostics.ts";

/**
 * Compiles proto/ of a project, with comments.
 *
 * @returns a FileDescriptorSet
 * @throws UsageError with `file:line:col: message` when it does not compile
 */
export async function compileProject(root: string, signal: AbortSignal): Promise<Uint8Array> {
  const args = ["build", "proto", "--as-file-descriptor-set", "--error-format=json", "--output=-"];
  const { succeeded, output, errors } = await runBuf(args, { folder: root, signal });
  if (succeeded) return output;
  throw await compileError(errors, root, { shown: (path) => join("proto", path) });
}
