import { posix } from "node:path";
import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { printImport } from "../../print/import-statement.ts";
import { handlerFunction } from "../emit/names.ts";
import { wiringLine } from "../emit/service-index.ts";
import type { CodeFile } from "./code/code.ts";
import { importedNames } from "./code/generated-names.ts";
import { insertBeforeBracket, insertImports } from "./code/insert.ts";
import { references } from "./code/tokens.ts";
import type { ServedService } from "./served-service.ts";

/** Result of adding lines to a file. */
export type Wiring =
  | { readonly kind: "wired"; readonly path: string; readonly text: string }
  /** The file has another layout. The user must add these lines. */
  | { readonly kind: "by hand"; readonly path: string; readonly lines: readonly string[] };

/** Adds an import and a line per method to the object with the handlers. Changes nothing else. */
export function wireMethods(served: ServedService, methods: readonly MethodModel[]): Wiring {
  const { object, service, folder, files } = served;
  const places = [...files].sort((a, b) => rank(a) - rank(b));
  const file = object?.file ?? places[0];
  const path = file?.path ?? `${folder}/index.ts`;
  const text = file?.text ?? "";
  const parameter = object?.parameter ?? "dependencies";
  const added = methods.map((method) => wiring({ service, folder, path }, method, parameter, text));
  const imports = added.map(({ statement }) => statement);
  const lines = added.map(({ line }) => line);
  if (object?.parameter === undefined) {
    return { kind: "by hand", path, lines: [...imports.map(printImport), ...lines] };
  }
  const extended = insertBeforeBracket(text, object, lines);
  return { kind: "wired", path, text: insertImports(extended, imports) };

  /** The index of the folder, then files of it, then others; files with the handler of one RPC last. */
  function rank({ path: place, tokens }: CodeFile): number {
    const isHandler = references(tokens, service.handlersType).some(
      (index) => tokens[index + 1]?.text === "[",
    );
    if (isHandler) return 3;
    if (posix.dirname(place) !== folder) return 2;
    return posix.basename(place) === "index.ts" ? 0 : 1;
  }
}

function wiring(
  { service, folder, path }: { readonly service: ServiceModel; folder: string; path: string },
  method: MethodModel,
  parameter: string,
  index: string,
) {
  const name = handlerFunction(service, method);
  const taken = importedNames(index).some(({ local }) => local === name);
  const local = taken ? `${name}Handler` : name;
  const from = relativePath(path, `${folder}/${method.fileName}.ts`);
  return {
    statement: { path: from, typeOnly: false, names: [{ name, local, typeOnly: false }] },
    line: wiringLine(method, local, parameter),
  };
}

/** The path by which a file imports another one. */
export function relativePath(importer: string, file: string): string {
  const path = posix.relative(posix.dirname(importer), file);
  return path.startsWith(".") ? path : `./${path}`;
}
