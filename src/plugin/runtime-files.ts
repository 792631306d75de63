import type { Files } from "../files.ts";
import { readPack } from "../pack.ts";
import { readTemplateFiles } from "../template-files.ts";

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
      return modules(readTemplateFiles(packageRoot, "runtime"), /(?<!\.d)\.ts$/);
    },
    get js() {
      return modules(readPack(packageRoot, "runtime"), /\.js$/);
    },
    get dts() {
      return modules(readPack(packageRoot, "runtime"), /\.d\.ts$/);
    },
  };
}

function modules(files: Files, extension: RegExp): Files {
  const wanted = [...files].filter(([path]) => extension.test(path));
  return new Map(wanted.map(([path, text]) => [path.replace(extension, ""), text]));
}
