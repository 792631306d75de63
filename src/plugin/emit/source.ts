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
 * A source file that is being printed. Emitters print TypeScript, JavaScript and declarations with the
 * same code: they mark types and bodies, which are left out where the target has none.
 */
export interface Source {
  readonly target: Target;
  /** Prints code on new lines; without code, an empty line. */
  print(...code: readonly Doc[]): void;
  /** Prints lines as they are. */
  printLines(lines: readonly string[]): void;
  /** The same for a member of a class or interface. */
  printMember(...code: readonly Doc[]): void;
  /** Code that is part of a type; nothing in JavaScript. */
  type(code: Doc): Doc;
  /** A body of one statement; `;` in declarations. */
  body(statement: Doc): Doc;
  /** A global by its name. No import has this name, even if a message is called `Promise`. */
  global(name: Global): string;
  /** A function of the library, from one of its modules. */
  runtime(name: string, module?: RuntimeModule): string;
  /** A type of the library. */
  runtimeType(name: string, module?: RuntimeModule): string;
  /** Any other value of a module. */
  value(name: string, from: string): string;
  /** Any other value of a module, for use in types. */
  typeOf(name: string, from: string): string;
  /** Names the imports of a message, its type and its descriptor; only what is used is imported. */
  nameMessage(message: MessageModel): void;
  /** TypeScript type of a message. */
  shape(message: MessageModel): string;
  /** Descriptor of a message, for use in types. */
  schema(message: MessageModel): string;
  /** The codec of a message that is generated for it; undefined if protobuf-es encodes it. */
  codec(message: MessageModel): string | undefined;
  /** Type of the values that create a message: a plain object is enough. */
  initType(message: MessageModel): Doc;
}

/** A module of the library that generated code imports. Default: `index`. */
type RuntimeModule = "index" | "client" | "codec";

/** Where {@link printSource} prints. */
export interface SourceFile {
  /** Path in the output. */
  readonly path: string;
  readonly file: GeneratedFile;
  readonly target: Target;
  /** Names of declarations and globals of the file: no import takes one. */
  readonly reserved: readonly string[];
  /** Generated codecs by the type name of their message. */
  readonly codecs?: ReadonlyMap<string, Importable>;
}

interface Importable {
  readonly name: string;
  readonly from: string;
}

/**
 * Prints a file with `emit`. Imports are named when they are first used, and code is laid out at once.
 * protoplugin names imports when the file is complete and keeps the code in fragments until then:
 * hundreds of megabytes for large files.
 */
export function printSource(
  { path, file, target, reserved, codecs }: SourceFile,
  { options }: Schema<Parameters>,
  emit: (source: Source) => void,
): void {
  const imports = new Imports(reserved);
  const pathOf = once(importPaths(path, options));
  const runtimePath = runtimePaths(options.runtime);
  // JavaScript has no types and declarations have no values: they must not be imported there.
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
    printLines: (lines) => code.push(lines.join("\n")),
    printMember: (...docs) => code.push(printDoc(docs, 2)),
    type: (doc) => (target === "js" ? "" : doc),
    body(statement) {
      return target === "dts" ? ";" : [" {", indent([hardLine, statement]), hardLine, "}"];
    },
    global: (name) => name,
    runtime: (name, module = "index") => importOf(name, runtimePath[module]),
    runtimeType: (name, module = "index") => typeOf(name, runtimePath[module]),
    value: importOf,
    typeOf,
    nameMessage({ name, schemaName, importPath }) {
      if (target === "js") return;
      for (const each of [name, schemaName]) imports.name(each, pathOf(importPath));
    },
    shape: once((message) => typeOf(message.name, message.importPath)),
    schema,
    codec({ typeName }) {
      const codec = codecs?.get(typeName);
      return codec && importOf(codec.name, codec.from);
    },
    initType(message) {
      const init = typeOf("MessageInitShape", "@bufbuild/protobuf");
      return typeArguments(init, `typeof ${schema(message)}`);
    },
  });
  file.print([...imports.statementsByKind().map(printImport), "", ...code].join("\n"));
}

/** Modules of a folder, or what a package exports as `.`, `./client` and `./codec`. */
function runtimePaths(runtime: string): Readonly<Record<RuntimeModule, string>> {
  return runtime.startsWith(".")
    ? {
        index: `${runtime}/index.js`,
        client: `${runtime}/client/index.js`,
        codec: `${runtime}/codec/index.js`,
      }
    : { index: runtime, client: `${runtime}/client`, codec: `${runtime}/codec` };
}

export const extensions: Readonly<Record<Target, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };
