import module from "node:module";
import { basename, dirname, join } from "node:path";

/**
 * Keeps the compiled code of what is loaded from now on, from run to run: starting is most of the time of most
 * commands. Since Node.js 22.8. In node_modules/.cache rather than the temporary folder, where other users of
 * the machine could put code of their own.
 *
 * @param folder that of the running program
 */
export function keepCompiledCode(folder: string): void {
  const modules = dirname(dirname(folder));
  if (basename(modules) !== "node_modules") return;
  const enable: unknown = Reflect.get(module, "enableCompileCache");
  // A folder that cannot be written is not a problem: nothing is kept.
  if (typeof enable === "function") enable(join(modules, ".cache/grpc-service/code"));
}
