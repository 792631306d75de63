import type { ServiceModel } from "../../plugin/model.ts";
import { printImport } from "../../print/import-statement.ts";
import { Imports } from "../../print/imports.ts";
import { clientVariable, importDefinition, printCalls, printClient } from "../emit/demo-client.ts";
import { clientModule } from "../emit/names.ts";
import type { Requests } from "../emit/request.ts";
import { genModuleOf } from "./existing-services.ts";
import { importedNames } from "./import-text.ts";
import { indexOfName, maskText, namePattern } from "./source-text.ts";

/**
 * Lines for the demo client that call new RPCs and create the clients of new services. Empty if the user
 * has rewritten the file.
 *
 * @param added services with their new methods only
 */
export function missingCalls(
  added: readonly ServiceModel[],
  client: string,
  requests: Requests,
): string[] {
  const masked = maskText(client);
  if (!/\bfunction show\s*\(/.test(masked)) return [];
  const present = labels(client, masked).map(({ label }) => label);
  const imports = new Imports(importedNames(client).map(({ local }) => local));
  const definitions: string[] = [];
  const clients: string[] = [];
  const calls: string[] = [];
  for (const service of added) {
    const known = variableOf(service, client, masked);
    if (known === undefined) {
      definitions.push(importDefinition(imports, service));
      clients.push(printClient(imports, service));
    }
    const methods = service.methods.filter(
      ({ name }) => !present.includes(`${service.typeName}/${name}`),
    );
    calls.push(...printCalls({ ...service, methods }, known ?? clientVariable(service), requests));
  }
  const list = `[..., ${definitions.join(", ")}]`;
  const connect = `const connection = await connect(${list}, loadClientConfig(readEnvironment()));`;
  const statements =
    definitions.length === 0 ? [] : [...imports.statements().map(printImport), connect];
  return [...statements, ...clients, ...calls].flatMap((text) => text.split("\n"));
}

/** Calls and imports of the demo client for removed RPCs and services: `12: the call of a.B/Get`. */
export function deadCalls(
  services: readonly ServiceModel[],
  generated: ReadonlyMap<string, string>,
  client: string,
): string[] {
  const known = new Set(
    services.flatMap(({ typeName, methods }) => methods.map(({ name }) => `${typeName}/${name}`)),
  );
  const imports = importedNames(client).filter(({ name, path }) => {
    const module = genModuleOf(path);
    return module !== undefined && !exportsName(generated.get(module) ?? "", name);
  });
  const lineAt = (index: number) => client.slice(0, index).split("\n").length;
  return [
    ...imports.map(({ name }) => `${lineAt(indexOfName(client, name))}: the import of ${name}`),
    ...labels(client, maskText(client))
      .filter(({ label }) => !known.has(label))
      .map(({ label, index }) => `${lineAt(index)}: the call of ${label}`),
  ];
}

/** The RPCs that the demo client calls, as `user.UserService/GetUser`. */
function labels(client: string, masked: string) {
  return [...client.matchAll(/\bshow\(\s*"([\w.]+\/\w+)"/g)]
    .filter(({ index }) => masked.startsWith("show", index))
    .map(({ 1: label = "", index }) => ({ label, index }));
}

/** Name of the variable with the client of a service. Undefined without a client. */
function variableOf(service: ServiceModel, client: string, masked: string): string | undefined {
  const imported = importedNames(client).find(
    ({ name, path }) => name === service.clientClass && genModuleOf(path) === clientModule(service),
  );
  if (imported === undefined) return undefined;
  const made = /\bconst\s+([\w$]+)\s*=\s*new\s+([\w$]+)/g;
  return [...masked.matchAll(made)].find(([, , local]) => local === imported.local)?.[1];
}

function exportsName(module: string, name: string): boolean {
  return new RegExp(`^export [a-z ]*\\b${namePattern(name)}(?![\\w$])`, "m").test(module);
}
