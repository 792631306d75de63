import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import { run } from "./commands.ts";

export interface Tarball {
  /** Absolute path of the .tgz. */
  readonly path: string;
  /** Size of the .tgz in bytes. */
  readonly bytes: number;
  /** Paths in the package, sorted. */
  readonly files: readonly string[];
}

/** Both packages of this repository, packed into one folder. */
export interface Tarballs {
  /** create-grpc-service */
  readonly tool: Tarball;
  /** grpc-service */
  readonly library: Tarball;
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs both packages as `npm publish` would. They must be built. */
export async function packTarballs(folder: string): Promise<Tarballs> {
  const tool = await pack(packageRoot(), folder);
  return { tool, library: await pack(join(packageRoot(), "runtime"), folder) };
}

async function pack(cwd: string, folder: string): Promise<Tarball> {
  const { stdout } = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { cwd },
  );
  const [report]: PackReport[] = JSON.parse(stdout);
  if (report === undefined) throw new Error(`npm pack reported nothing: ${stdout}`);
  return {
    path: join(folder, report.filename),
    bytes: report.size,
    files: report.files.map(({ path }) => path).sort(),
  };
}

/** `npm create grpc-service`, but from the tarball instead of the registry. */
export function createArguments({ tool }: Tarballs, args: readonly string[]): string[] {
  return ["exec", "--yes", `--package=file:${tool.path}`, "--", "create-grpc-service", ...args];
}
