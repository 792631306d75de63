import type { GeneratedFile, Schema, Target } from "@bufbuild/protoplugin";
import { layoutLine, namingLine } from "../layout.ts";
import type { MessageModel } from "../model.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import { createImports } from "./imports.ts";

/** Globals that generated code names. */
export type Global = "AsyncIterable" | "Iterable" | "Promise" | "Record";

/**
 * One source file in the making. Every emitter prints TypeScript, JavaScript and declarations alike:
 * it marks what belongs to types and what is a body, and these are left out where they do not fit.
 */
export interface Source {
  readonly target: Target;
  /** Prints a piece of code of one or more lines, laid out as biome would. */
  print(...fragments: string[]): void;
  /** A fragment of types: nothing in JavaScript. */
  type(fragments: TemplateStringsArray, ...values: string[]): string;
  /** A body of one statement, indented for a class member: a mere `;` in declarations. */
  body(fragments: TemplateStringsArray, ...values: string[]): string;
  /** A global by its name, which no import takes: a message may be called `Promise`. */
  global(name: Global): string;
  /** A function of the runtime, from the given module of it. */
  runtime(name: string, module?: RuntimeModule): string;
  /** A type of the runtime. */
  runtimeType(name: string, module?: RuntimeModule): string;
  /** Any other value of a module. */
  value(name: string, from: string): string;
  /** TypeScript type of a message. */
  shape(message: MessageModel): string;
  /** Descriptor of a message, for use in types. */
  schema(message: MessageModel): string;
  /** Type of what can be made into a message: a plain object will do. */
  initType(message: MessageModel): string;
}

/** A module of the runtime that generated code imports; `index` unless it says another. */
type RuntimeModule = "index" | "client";

/**
 * Lets `emit` print into `file`. Names are given to imports as they are asked for; `reserved` are
 * those that the file declares or means as globals. protoplugin gives names only when a file is
 * complete, and holds it as a list of fragments until then: hundreds of megabytes for large files.
 */
export function printSource(
  file: GeneratedFile,
  { options }: Schema<Parameters>,
  target: Target,
  reserved: readonly string[],
  emit: (source: Source) => void,
): void {
  const imports = createImports(file, reserved);
  const runtimePath = runtimePaths(options.runtime);
  // JavaScript prints no types and declarations no values: neither must be imported there.
  const typeOf = (name: string, from: string) => {
    return target === "js" ? name : imports.nameOf(name, from, true);
  };
  const importOf = (name: string, from: string) => {
    return target === "dts" ? name : imports.nameOf(name, from);
  };
  const schema = once(({ schemaName, importPath }: MessageModel) => typeOf(schemaName, importPath));
  const code: string[] = [];
  emit({
    target,
    print: (...fragments) => code.push(layoutLine(fragments.join(""))),
    type: (fragments, ...values) => (target === "js" ? "" : String.raw(fragments, ...values)),
    body(fragments, ...values) {
      return target === "dts" ? ";" : ` {\n    ${String.raw(fragments, ...values)}\n  }`;
    },
    global: (name) => name,
    runtime: (name, module = "index") => importOf(name, runtimePath[module]),
    runtimeType: (name, module = "index") => typeOf(name, runtimePath[module]),
    value: importOf,
    shape: once((message) => typeOf(message.name, message.importPath)),
    schema,
    initType: once((message) => {
      return `${typeOf("MessageInitShape", "@bufbuild/protobuf")}<typeof ${schema(message)}>`;
    }),
  });
  file.print(namingLine, imports.symbols());
  file.print(code.join("\n"));
}

/** Modules of a folder, or what a package exports as `.` and `./client`. */
function runtimePaths(runtime: string): Readonly<Record<RuntimeModule, string>> {
  return runtime.startsWith(".")
    ? { index: `${runtime}/index.js`, client: `${runtime}/client/index.js` }
    : { index: runtime, client: `${runtime}/client` };
}

export const extensions: Readonly<Record<Target, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };
