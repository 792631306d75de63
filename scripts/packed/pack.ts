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

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs this checkout as `npm publish` would. Needs dist/, so build first. */
export async function packTarball(folder: string): Promise<Tarball> {
  const { stdout } = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { cwd: packageRoot() },
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
export function createArguments(tarball: Tarball, args: readonly string[]): string[] {
  return ["exec", "--yes", `--package=file:${tarball.path}`, "--", "create-grpc-service", ...args];
}
