import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { unpack } from "../../tooling/corpus/packages.ts";

/** A release of TypeScript to check with. */
export interface Compiler {
  readonly version: string;
  /** Arguments for node that run `tsc`. */
  readonly command: readonly string[];
}

/** Releases that users have beside the one this repository uses. */
const older = ["5.9.3", "6.0.3"];

export type CompilerChoice = "own" | "all";

/** The compiler of this repository, and with `all` the older ones that users may have. */
export async function compilers(choice: CompilerChoice): Promise<Compiler[]> {
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  const { version }: { readonly version: string } = createRequire(import.meta.url)(manifest);
  const own: Compiler = { version, command: [join(dirname(manifest), "bin", "tsc")] };
  return choice === "own" ? [own] : [own, ...(await Promise.all(older.map(install)))];
}

async function install(version: string): Promise<Compiler> {
  const folder = await unpack(`typescript@${version}`);
  // Google's protos make a program of 4 GB.
  return { version, command: ["--max-old-space-size=12288", join(folder, "lib", "tsc.js")] };
}
