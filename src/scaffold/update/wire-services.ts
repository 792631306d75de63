import type { ServiceModel } from "../../plugin/model.ts";
import { printImport } from "../../print/import-statement.ts";
import { Imports } from "../../print/imports.ts";
import { genModule } from "../emit/names.ts";
import { importService, registrationLine } from "../emit/services-index.ts";
import { genModuleOf } from "./existing-services.ts";
import { importedNames, insertImports, type NameImport } from "./import-text.ts";
import { closingBracket, insertBeforeBracket, maskText } from "./source-text.ts";
import type { Wiring } from "./wire-service.ts";

/** The services that src/services/index.ts does not register. */
export function missingServices(services: readonly ServiceModel[], index: string): ServiceModel[] {
  const imported = importedNames(index);
  return services.filter((service) => definitionIn(service, imported) === undefined);
}

/** Adds imports and a line per service to src/services/index.ts. */
export function wireServices(services: readonly ServiceModel[], index: string): Wiring {
  const imported = importedNames(index);
  const list = findList(index);
  const imports = new Imports(["services", ...imported.map(({ local }) => local)]);
  const implement =
    imported.find(({ name, path }) => name === "implement" && path === "grpc-service")?.local ??
    imports.value("implement", "grpc-service");
  const parameter = list?.parameter ?? "dependencies";
  const lines = services.map((service) => {
    const { definition, handlers } = importService(imports, service);
    return registrationLine(implement, definition, handlers, parameter);
  });
  const statements = imports.statements();
  if (list === undefined)
    return { kind: "by hand", lines: [...statements.map(printImport), ...lines] };
  const text = insertBeforeBracket(index, maskText(index), list.open, list.close, lines);
  return { kind: "wired", text: insertImports(text, statements) };
}

function definitionIn(service: ServiceModel, imported: readonly NameImport[]) {
  return imported.find(
    ({ name, path }) => name === service.definitionName && genModuleOf(path) === genModule(service),
  );
}

/** Finds the list that `services(...)` returns. */
function findList(index: string) {
  const masked = maskText(index);
  const head =
    /\bservices\s*\(\s*([\w$]+)\s*:[^()]*\)\s*:\s*(?:readonly\s+)?[\w$]+\[\]\s*\{\s*return\s*(\[)/d.exec(
      masked,
    );
  const open = head?.indices?.[2]?.[0];
  const parameter = head?.[1];
  if (open === undefined || parameter === undefined) return undefined;
  const close = closingBracket(masked, open);
  return close < 0 ? undefined : { open, close, parameter };
}
