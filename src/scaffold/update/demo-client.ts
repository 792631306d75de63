import type { ServiceModel } from "../../plugin/model.ts";
import { type ImportStatement, printImport } from "../../print/import-statement.ts";
import { Imports } from "../../print/imports.ts";
import { clientVariable, importDefinition, printCalls, printClient } from "../emit/demo-client.ts";
import { clientModule } from "../emit/names.ts";
import type { Requests } from "../emit/request.ts";
import { exportsName, genModuleOf, importedNames } from "./code/generated-names.ts";
import { placeOf } from "./code/insert.ts";
import { type Token, tokenize, unquoted } from "./code/tokens.ts";

/** What a demo client lacks to call new RPCs. */
interface NewCalls {
  readonly imports: readonly ImportStatement[];
  /** Of new services, for `connect`. */
  readonly definitions: readonly string[];
  /** The lines that create the clients of new services, and call the RPCs. */
  readonly statements: readonly string[];
}

/**
 * What calls new RPCs and creates the clients of new services. Nothing if the user has rewritten the file.
 *
 * @param added services with their new methods only
 */
export function newCalls(
  added: readonly ServiceModel[],
  client: string,
  requests: Requests,
): NewCalls {
  const tokens = tokenize(client);
  const isOurs = tokens.some(({ text }, index) => {
    return text === "function" && tokens[index + 1]?.text === "show";
  });
  if (!isOurs) return { imports: [], definitions: [], statements: [] };
  const present = labels(tokens).map(({ label }) => label);
  const imports = new Imports(importedNames(client).map(({ local }) => local));
  const definitions: string[] = [];
  const clients: string[] = [];
  const calls: string[] = [];
  for (const service of added) {
    const known = variableOf(service, client, tokens);
    if (known === undefined) {
      definitions.push(importDefinition(imports, service));
      clients.push(printClient(imports, service));
    }
    const methods = service.methods.filter(
      ({ name }) => !present.includes(`${service.typeName}/${name}`),
    );
    calls.push(...printCalls({ ...service, methods }, known ?? clientVariable(service), requests));
  }
  const statements = [...clients, ...calls].flatMap((text) => text.split("\n"));
  return { imports: imports.statements(), definitions, statements };
}

/** The same as lines for the user to add. */
export function missingCalls(
  added: readonly ServiceModel[],
  client: string,
  requests: Requests,
): string[] {
  const { imports, definitions, statements } = newCalls(added, client, requests);
  if (definitions.length === 0) return [...statements];
  const list = `[..., ${definitions.join(", ")}]`;
  const connect = `const connection = await connect(${list}, loadClientConfig(readEnvironment()));`;
  return [...imports.map(printImport), connect, ...statements].flatMap((text) => text.split("\n"));
}

/** The demo client of a project. */
export const clientFile = "src/client/index.ts";

/** Calls and imports of the demo client for removed RPCs and services, with their places. */
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
  const tokens = tokenize(client);
  const place = (position: number) => placeOf(clientFile, client, position);
  return [
    ...imports.map(({ name, start }) => {
      const token = tokens.find(({ text, start: at }) => text === name && at > start);
      return `${place(token?.start ?? start)}: the import of ${name}`;
    }),
    ...labels(tokens)
      .filter(({ label }) => !known.has(label))
      .map(({ label, start }) => `${place(start)}: the call of ${label}`),
  ];
}

/** The RPCs that the demo client calls, as `user.UserService/GetUser`. */
function labels(tokens: readonly Token[]) {
  return tokens.flatMap((token, index) => {
    const label = tokens[index + 2];
    const isCall = token.text === "show" && tokens[index + 1]?.text === "(";
    if (!isCall || label?.kind !== "string") return [];
    return /^[\w.]+\/\w+$/.test(unquoted(label))
      ? [{ label: unquoted(label), start: token.start }]
      : [];
  });
}

/** Name of the variable with the client of a service. Undefined without a client. */
function variableOf(
  service: ServiceModel,
  client: string,
  tokens: readonly Token[],
): string | undefined {
  const imported = importedNames(client).find(
    ({ name, path }) => name === service.clientClass && genModuleOf(path) === clientModule(service),
  );
  const made = tokens.findIndex(({ text }, index) => {
    return text === "new" && tokens[index + 1]?.text === imported?.local;
  });
  return imported === undefined || made < 2 ? undefined : tokens[made - 2]?.text;
}
