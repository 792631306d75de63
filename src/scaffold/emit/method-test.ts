import { type MethodModel, type ServiceModel, streamsResponses } from "../../plugin/model.ts";
import type { Doc } from "../../print/doc.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { assignment, call, callWith } from "../../print/syntax.ts";
import { clientModule } from "./names.ts";
import { type Requests, requestArgument } from "./request.ts";

/**
 * Prints `test/services/<service>/<method>.test.ts`: calls the stub over a socket.
 *
 * @param test path from its folder to test
 */
export function printMethodTest(
  service: ServiceModel,
  method: MethodModel,
  requests: Requests,
  test = "../..",
): string {
  const imports = new Imports(["app", "client"]);
  for (const name of ["afterAll", "expect", "test"]) imports.value(name, "vitest");
  const client = imports.value(service.clientClass, `${test}/../src/gen/${clientModule(service)}`);
  const startApp = imports.value("startApp", `${test}/start-app.ts`);
  const create = assignment("const client", call("app.client", client));
  const title = `${service.typeName}/${method.name} is not implemented yet`;
  return `${imports.print()}

const app = await ${startApp}();
afterAll(() => app.close());
${printDoc([create, ";"])}

test(${JSON.stringify(title)}, async () => {
${printCall(method, requestArgument(method, requests, 0))}
${requests.ruled.has(method.input.typeName) ? refusedOrNot : notImplemented}
});
`;
}

const notImplemented = `  await expect(response).rejects.toMatchObject({ code: "UNIMPLEMENTED" });`;

const refusedOrNot = `  // The rules of the proto are checked first, and an empty request may break them.
  const code = expect.stringMatching(/^(UNIMPLEMENTED|INVALID_ARGUMENT)$/);
  await expect(response).rejects.toMatchObject({ code });`;

function printCall(method: MethodModel, request: Doc): string {
  const isStream = streamsResponses(method);
  const left = isStream ? "const responses" : "const response";
  const statement = assignment(left, callWith(`client.${method.localName}`, request));
  const next = "  const response = responses[Symbol.asyncIterator]().next();";
  return [printDoc([statement, ";"], 2), ...(isStream ? [next] : [])].join("\n");
}
