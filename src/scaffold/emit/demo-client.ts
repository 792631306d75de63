import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { assignment, call, callWith, list, printDoc } from "./doc.ts";
import { Imports } from "./imports.ts";
import { camelCase, genModule, pascalCase } from "./names.ts";
import { type Requests, requestArgument } from "./request.ts";

/** `src/client/index.ts`: calls every RPC once and prints what came back. */
export function printDemoClient(services: readonly ServiceModel[], requests: Requests): string {
  const imports = new Imports([...services.map(clientVariable), ...declared]);
  const grpcError = imports.value("GrpcError", "../gen/runtime/index.ts");
  const connect = imports.value("connect", "./connect.ts");
  const definitions = services.map((service) =>
    imports.value(
      service.definitionName,
      `../gen/${genModule(service)}`,
      `${camelCase(service.directory)}Definition`,
    ),
  );
  const connection = callWith(`const connection = await ${connect}`, list("[", definitions, "]"));
  const clients = services.map((service) => {
    const alias = `${pascalCase(service.directory)}Client`;
    const client = imports.value(service.clientClass, `../gen/${genModule(service)}`, alias);
    const create = call(`new ${client}`, "connection.channel", "connection.options");
    return printDoc([assignment(`const ${clientVariable(service)} =`, create), ";"]);
  });
  const calls = services.flatMap((service) =>
    service.methods.map((method) => callLine(service, method, requests)),
  );
  return `${imports.print()}

// Calls every RPC once, with the smallest request that it takes. The server has to run.

${printDoc([connection, ";"])}
${clients.join("\n")}

let notImplemented = 0;
let failed = 0;

${calls.join("\n")}

connection.close();
console.log(\`\${notImplemented} not implemented yet, \${failed} failed\`);
process.exitCode = failed === 0 ? 0 : 1;

/** Prints the replies to a call, or the status it ended with. */
async function show(method: string, replies: Promise<unknown> | AsyncIterable<unknown>) {
  try {
    if (Symbol.asyncIterator in replies) {
      for await (const reply of replies) console.log(method, reply);
    } else {
      console.log(method, await replies);
    }
  } catch (error) {
    const { code, rawMessage } = ${grpcError}.from(error);
    if (code === "UNIMPLEMENTED") notImplemented++;
    else failed++;
    console.log(method, code, rawMessage);
  }
}
`;
}

function callLine(service: ServiceModel, method: MethodModel, requests: Requests): string {
  const { name, localName } = method;
  const label = JSON.stringify(`${service.typeName}/${name}`);
  const request = requestArgument(method, requests, 1);
  const replies = callWith(`${clientVariable(service)}.${localName}`, request);
  return printDoc([call("await show", label, replies), ";"]);
}

function clientVariable({ directory }: ServiceModel): string {
  return `${camelCase(directory)}Client`;
}

/** What the printed file declares itself. */
const declared = ["connection", "notImplemented", "failed", "show"];
