import type { GeneratedFile, ImportSymbol, Printable, Schema, Target } from "@bufbuild/protoplugin";
import type { MessageModel } from "../model.ts";
import type { Parameters } from "../parameters.ts";

/** Globals that generated code names. */
type Global = "AsyncIterable" | "Iterable" | "Promise" | "Record";

/**
 * One source file in the making. Every emitter prints TypeScript, JavaScript and declarations alike:
 * it marks what belongs to types and what is a body, and these are left out where they do not fit.
 */
export interface Source {
  readonly file: GeneratedFile;
  readonly target: Target;
  /** A fragment of types: nothing in JavaScript. */
  type(fragments: TemplateStringsArray, ...values: Printable[]): Printable;
  /** A body of one statement, indented for a class member: a mere `;` in declarations. */
  body(fragments: TemplateStringsArray, ...values: Printable[]): Printable;
  /**
   * A global by its name. Imports of the same name get another one: a message may be called
   * `Promise`.
   */
  global(name: Global): ImportSymbol;
  /** A function of the runtime. */
  runtime(name: string): ImportSymbol;
  /** A type of the runtime. */
  runtimeType(name: string): ImportSymbol;
  /** TypeScript type of a message. */
  shape(message: MessageModel): ImportSymbol;
  /** Descriptor of a message, for use in types. */
  schema(message: MessageModel): ImportSymbol;
  /** `typeof` the descriptor of a message, as type argument. */
  schemaType(message: MessageModel): Printable;
}

/** Module of the runtime unless the parameter `runtime` names another; relative to the output root. */
export const printedRuntime = "./runtime/index.js";

/** Starts the file `path` of an output tree. */
export function createSource(
  { generateFile, options }: Schema<Parameters>,
  target: Target,
  path: string,
): Source {
  const file = generateFile(path);
  const ownPath = `./${path.slice(0, -extensions[target].length)}.js`;
  const runtimePath = options.runtime ?? printedRuntime;
  const schema: Source["schema"] = ({ schemaName, importPath }) => {
    return file.import(schemaName, importPath, true);
  };
  return {
    file,
    target,
    type(fragments, ...values) {
      return target === "js" ? [] : weave(fragments, values);
    },
    body(fragments, ...values) {
      return target === "dts" ? ";" : [" {\n    ", weave(fragments, values), "\n  }"];
    },
    // protoplugin takes a symbol of the file itself for declared there.
    global: (name) => file.import(name, ownPath),
    runtime: (name) => file.import(name, runtimePath),
    runtimeType: (name) => file.import(name, runtimePath, true),
    shape: (message) => file.import(message.name, message.importPath, true),
    schema,
    schemaType: (message) => ["typeof ", schema(message)],
  };
}

export const extensions: Readonly<Record<Target, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };

function weave(fragments: TemplateStringsArray, values: readonly Printable[]): Printable {
  return fragments.flatMap((fragment, i) => {
    const value = values[i];
    return value === undefined ? [fragment] : [fragment, value];
  });
}
