import type { ServiceModel } from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { assignment, call, callWith, list } from "../../print/syntax.ts";
import { camelCase, clientModule, genModule, pascalCase } from "./names.ts";
import { type Requests, requestArgument } from "./request.ts";

/**
 * Prints `src/client/index.ts`: calls every RPC once and prints the responses. RPCs may create and delete,
 * so it calls a server on another machine only if the caller confirms it.
 */
export function printDemoClient(services: readonly ServiceModel[], requests: Requests): string {
  const imports = demoImports(services);
  const grpcError = imports.value("GrpcError", "grpc-service");
  const connect = imports.value("connect", "grpc-service/connect");
  const mayCall = imports.value("mayCall", "grpc-service/connect");
  const messagePrinter = imports.value("messagePrinter", "grpc-service/connect");
  const unreachable = imports.value("unreachable", "grpc-service/connect");
  const message = imports.type("Message", "@bufbuild/protobuf");
  const { definitions, statements } = printCallsOf(services, imports, requests);
  const readEnvironment = imports.value("readEnvironment", "grpc-service/config");
  const loadClientConfig = imports.value("loadClientConfig", "../config.ts");
  const config = call(loadClientConfig, call(readEnvironment));
  const connection = call(
    `const connection = await ${connect}`,
    list("[", definitions, "]"),
    config,
  );
  return `${imports.print()}

// Calls every RPC once, with an empty request. Start the server first.
// Replace {} by real values where a request is refused.

${printDoc([connection, ";"])}
if (!${mayCall}(connection)) process.exit(1);
const print = ${messagePrinter}(connection.services);

let notImplemented = 0;
let refused = 0; // requests that are not valid: fill them in
let failed = 0;
let noAccess = false; // no server, or no valid token

${callsStart}
${statements}
${callsEnd}

connection.close();
console.log(\`\${notImplemented} not implemented yet, \${refused} refused, \${failed} failed\`);
if (noAccess) console.log("npx grpc-service doctor finds out why.");
if (failed > 0) process.exitCode = 1;

/** Prints the responses of a call as JSON, or its status if it fails. */
async function show(method: string, responses: Promise<${message}> | AsyncIterable<${message}>) {
  try {
    if (Symbol.asyncIterator in responses) {
      let isEmpty = true;
      for await (const response of responses) {
        isEmpty = false;
        console.log(method, print(response));
      }
      if (isEmpty) console.log(method, "OK, without a response");
    } else {
      console.log(method, print(await responses));
    }
  } catch (error) {
    const failure = ${grpcError}.from(error);
    const noServer = ${unreachable}(failure, connection.address);
    const { code, rawMessage } = noServer ?? failure;
    if (code === "UNIMPLEMENTED") notImplemented++;
    else if (code === "INVALID_ARGUMENT") refused++;
    else failed++;
    if (noServer || code === "UNAUTHENTICATED") noAccess = true;
    console.log(method, code, rawMessage);
  }
}
`;
}

/** Marks around the clients and calls, which an update may rewrite. */
export const callsStart =
  "// sync: `grpc-service sync` rewrites this part, as long as you do not change it.";
export const callsEnd = "// end of sync";

/** The part of the demo client that follows the protos. */
export interface DemoCalls {
  /** Names of the definitions, for `connect`. */
  readonly definitions: readonly string[];
  /** The statements that create the clients and call every RPC. */
  readonly statements: string;
}

export function printCallsOf(
  services: readonly ServiceModel[],
  imports: Imports,
  requests: Requests,
): DemoCalls {
  const definitions = services.map((service) => importDefinition(imports, service));
  const clients = services.map((service) => printClient(imports, service));
  const calls = services.flatMap((service) =>
    printCalls(service, clientVariable(service), requests),
  );
  return { definitions, statements: [...clients, "", ...calls].join("\n") };
}

/** The names that the demo client declares and imports, apart from those of services. */
export function demoImports(services: readonly ServiceModel[]): Imports {
  return new Imports([...services.map(clientVariable), ...declared]);
}

/** Imports a service's definition, for `connect`. */
export function importDefinition(imports: Imports, service: ServiceModel): string {
  const { definitionName, directory } = service;
  const alias = `${camelCase(directory)}Definition`;
  return imports.value(definitionName, `../gen/${genModule(service)}`, alias);
}

/** The statement that creates the client of a service. */
export function printClient(imports: Imports, service: ServiceModel): string {
  const alias = `${pascalCase(service.directory)}Client`;
  const client = imports.value(service.clientClass, `../gen/${clientModule(service)}`, alias);
  const create = call(`new ${client}`, "connection.channel", "connection.options");
  return printDoc([assignment(`const ${clientVariable(service)}`, create), ";"]);
}

/** The statements that call the methods of a service, by the client in `variable`. */
export function printCalls(
  { typeName, methods }: ServiceModel,
  variable: string,
  requests: Requests,
): string[] {
  return methods.map((method) => {
    const label = JSON.stringify(`${typeName}/${method.name}`);
    const request = requestArgument(method, requests, 1);
    const responses = callWith(`${variable}.${method.localName}`, request);
    return printDoc([call("await show", label, responses), ";"]);
  });
}

export function clientVariable({ directory }: ServiceModel): string {
  return `${camelCase(directory)}Client`;
}

/** Names that the printed file declares. */
const declared = ["connection", "print", "notImplemented", "refused", "failed", "noAccess", "show"];
