import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Files, readTree } from "../files.ts";

/** The runtime's modules: texts by path without extension (`index`, `client/channel`). */
export interface RuntimeFiles {
  readonly ts: Files;
  readonly js: Files;
  readonly dts: Files;
}

/**
 * The runtime as this package ships it: TypeScript from runtime/src, JavaScript and
 * declarations as the build has made them. Each is read when it is asked for.
 */
export function readRuntimeFiles(packageRoot: string): RuntimeFiles {
  return {
    get ts() {
      return modules(readTree(join(packageRoot, "runtime/src")), /(?<!\.d)\.ts$/);
    },
    get js() {
      return modules(readCompiled(packageRoot), /\.js$/);
    },
    get dts() {
      return modules(readCompiled(packageRoot), /\.d\.ts$/);
    },
  };
}

/** @throws Error in a checkout that was not built */
function readCompiled(packageRoot: string): Files {
  const path = join(packageRoot, "dist/runtime");
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run build`);
  return readTree(path);
}

function modules(files: Files, extension: RegExp): Files {
  const wanted = [...files].filter(([path]) => extension.test(path));
  return new Map(wanted.map(([path, text]) => [path.replace(extension, ""), text]));
}
