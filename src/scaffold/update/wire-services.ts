import type { ServiceModel } from "../../plugin/model.ts";
import { printImport } from "../../print/import-statement.ts";
import { Imports } from "../../print/imports.ts";
import { camelCase, genModule, handlersFunction } from "../emit/names.ts";
import { registrationLine } from "../emit/services-index.ts";
import { importedNames } from "./code/generated-names.ts";
import { insertBeforeBracket, insertImports } from "./code/insert.ts";
import type { RegistrationList } from "./code/registration-list.ts";
import { relativePath, type Wiring } from "./wire-methods.ts";

/** A service that is not in the list of all services yet. */
export interface ServiceToRegister {
  readonly service: ServiceModel;
  /** The file that exports its handlers as `<service>Handlers`; undefined if no file does. */
  readonly index: string | undefined;
}

/**
 * Adds imports and a line per service to the list of all services.
 *
 * @param list undefined if the file has no list of the usual form
 * @param path the file to add lines to by hand
 */
export function wireServices(
  services: readonly ServiceToRegister[],
  list: RegistrationList | undefined,
  path: string,
  text: string,
): Wiring {
  const imported = importedNames(text);
  const imports = new Imports(["services", ...imported.map(({ local }) => local)]);
  const implement =
    imported.find(({ name, path: from }) => name === "implement" && from === "grpc-service")
      ?.local ?? imports.value("implement", "grpc-service");
  const lines = services.map(({ service, index }) => {
    const prefix = camelCase(service.directory);
    const definition = imports.value(
      service.definitionName,
      relativePath(path, `src/gen/${genModule(service)}`),
      `${prefix}Definition`,
    );
    if (index === undefined) {
      return `    ${implement}(${definition}, handlers), // handlers: yours for ${service.typeName}`;
    }
    const handlers = imports.value(
      handlersFunction(service),
      relativePath(path, index),
      `${prefix}Handlers`,
    );
    return registrationLine(implement, definition, handlers, list?.parameter ?? "dependencies");
  });
  const statements = imports.statements();
  if (list === undefined)
    return { kind: "by hand", path, lines: [...statements.map(printImport), ...lines] };
  return {
    kind: "wired",
    path,
    text: insertImports(insertBeforeBracket(text, list, lines), statements),
  };
}
