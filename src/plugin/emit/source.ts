import type { GeneratedFile, Schema, Target } from "@bufbuild/protoplugin";
import type { Doc } from "../../print/doc.ts";
import { hardLine, indent } from "../../print/doc.ts";
import { printImport } from "../../print/import-statement.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { typeArguments } from "../../print/syntax.ts";
import type { MessageModel } from "../model.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import { importPaths } from "./import-path.ts";

/** Globals that generated code names. */
export type Global = "AsyncIterable" | "Iterable" | "Promise" | "Record";

/**
 * One source file in the making. Every emitter prints TypeScript, JavaScript and declarations alike:
 * it marks what belongs to types and what is a body, and these are left out where they do not fit.
 */
export interface Source {
  readonly target: Target;
  /** Prints a piece of code on lines of its own; an empty line without any. */
  print(...code: readonly Doc[]): void;
  /** The same for a member of a class or interface. */
  printMember(...code: readonly Doc[]): void;
  /** Code of types: nothing in JavaScript. */
  type(code: Doc): Doc;
  /** A body of one statement: a mere `;` in declarations. */
  body(statement: Doc): Doc;
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
  initType(message: MessageModel): Doc;
}

/** A module of the runtime that generated code imports; `index` unless it says another. */
type RuntimeModule = "index" | "client";

/** What {@link printSource} prints to. */
export interface SourceFile {
  /** Path in the output. */
  readonly path: string;
  readonly file: GeneratedFile;
  readonly target: Target;
  /** Names that the file declares or means as globals: no import takes one. */
  readonly reserved: readonly string[];
}

/**
 * Lets `emit` print a file. Names are given to imports as they are asked for, and code is laid out
 * at once. protoplugin would name imports when the file is complete and hold the code as a list of
 * fragments until then: hundreds of megabytes for large files.
 */
export function printSource(
  { path, file, target, reserved }: SourceFile,
  { options }: Schema<Parameters>,
  emit: (source: Source) => void,
): void {
  const imports = new Imports(reserved);
  const pathOf = once(importPaths(path, options));
  const runtimePath = runtimePaths(options.runtime);
  // JavaScript prints no types and declarations no values: neither must be imported there.
  const typeOf = (name: string, from: string) => {
    return target === "js" ? name : imports.type(name, pathOf(from));
  };
  const importOf = (name: string, from: string) => {
    return target === "dts" ? name : imports.value(name, pathOf(from));
  };
  const schema = once(({ schemaName, importPath }: MessageModel) => typeOf(schemaName, importPath));
  const code: string[] = [];
  emit({
    target,
    print: (...docs) => code.push(printDoc(docs)),
    printMember: (...docs) => code.push(printDoc(docs, 2)),
    type: (doc) => (target === "js" ? "" : doc),
    body(statement) {
      return target === "dts" ? ";" : [" {", indent([hardLine, statement]), hardLine, "}"];
    },
    global: (name) => name,
    runtime: (name, module = "index") => importOf(name, runtimePath[module]),
    runtimeType: (name, module = "index") => typeOf(name, runtimePath[module]),
    value: importOf,
    shape: once((message) => typeOf(message.name, message.importPath)),
    schema,
    initType(message) {
      const init = typeOf("MessageInitShape", "@bufbuild/protobuf");
      return typeArguments(init, `typeof ${schema(message)}`);
    },
  });
  file.print([...imports.statementsByKind().map(printImport), "", ...code].join("\n"));
}

/** Modules of a folder, or what a package exports as `.` and `./client`. */
function runtimePaths(runtime: string): Readonly<Record<RuntimeModule, string>> {
  return runtime.startsWith(".")
    ? { index: `${runtime}/index.js`, client: `${runtime}/client/index.js` }
    : { index: runtime, client: `${runtime}/client` };
}

export const extensions: Readonly<Record<Target, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };
