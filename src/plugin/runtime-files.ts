import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The runtime's modules, text by path without extension (`index`, `client/channel`). */
export interface RuntimeFiles {
  readonly ts: ReadonlyMap<string, string>;
  readonly js: ReadonlyMap<string, string>;
  readonly dts: ReadonlyMap<string, string>;
}

/**
 * The runtime as this package ships it: TypeScript from templates/runtime, JavaScript and
 * declarations from dist/runtime, where the build puts them. Each is read when first asked for.
 */
export function readRuntimeFiles(packageRoot: string): RuntimeFiles {
  const source = join(packageRoot, "templates", "runtime");
  const built = join(packageRoot, "dist", "runtime");
  return {
    get ts() {
      return remember(this, "ts", readModules(source, /(?<!\.d)\.ts$/));
    },
    get js() {
      return remember(this, "js", readModules(built, /\.js$/));
    },
    get dts() {
      return remember(this, "dts", readModules(built, /\.d\.ts$/));
    },
  };
}

/** Replaces a getter by its value. */
function remember<V>(owner: object, key: string, value: V): V {
  Object.defineProperty(owner, key, { value });
  return value;
}

function readModules(directory: string, extension: RegExp): ReadonlyMap<string, string> {
  if (!existsSync(directory)) {
    throw new Error(`${directory} is missing: run npm run build`);
  }
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const modules = names.filter((name) => extension.test(name)).sort();
  return new Map(
    modules.map((name) => [
      name.replace(extension, "").replaceAll("\\", "/"),
      readFileSync(join(directory, name), "utf8"),
    ]),
  );
}
