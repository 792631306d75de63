import type { MessageModel, MethodModel, ServiceModel } from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { assignment, call } from "../../print/syntax.ts";
import { genModule, handlerFunction } from "./names.ts";

/**
 * Prints the README's example of a test: the first unary RPC, over a socket and alone. Empty without
 * unary RPCs.
 */
export function printTestExample(services: readonly ServiceModel[]): string {
  for (const service of services) {
    const method = service.methods.find(({ kind }) => kind === "unary");
    if (method !== undefined) return printExample(service, method);
  }
  return "";
}

function printExample(service: ServiceModel, method: MethodModel): string {
  const folder = `services/${service.directory}`;
  const imports = new Imports(["app", "context", "handler", "request", "response"]);
  for (const name of ["afterAll", "expect", "test"]) imports.value(name, "vitest");
  const create = imports.value("create", "@bufbuild/protobuf");
  const createContext = imports.value("createTestContext", "grpc-service/testing");
  const startApp = imports.value("startApp", "../../start-app.ts");
  const client = imports.value(service.clientClass, `../../../src/gen/${genModule(service)}`);
  const schema = imports.value(method.input.schemaName, messageModule(method.input));
  const handler = imports.value(
    handlerFunction(service, method),
    `../../../src/${folder}/${method.fileName}.ts`,
  );
  const statement = (left: string, value: ReturnType<typeof call>) =>
    printDoc([assignment(`const ${left}`, value), ";"], 2);
  return `// test/${folder}/${method.fileName}.test.ts
${imports.print()}

const app = await ${startApp}(); // takes { dependencies: { store: fakeStore } } and more
afterAll(() => app.close());

test("over a socket", async () => {
${statement("client", call("app.client", client))}
${statement("response", call(`await client.${method.localName}`, "{}"))}
  expect(response).toMatchObject({});
});

test("alone", async () => {
${statement("context", call(createContext, '{ metadata: { "x-tenant": "acme" } }'))}
${statement("request", call(create, schema, "{}"))}
${statement("handler", call(handler, "app.dependencies"))}
  expect(await handler(request, context)).toMatchObject({});
  // What the handler set with setHeader and setTrailer.
  expect(context.headers.get("x-cache")).toEqual(["hit"]);
  expect(context.trailers.get("x-rows")).toEqual(["3"]);
});`;
}

/** Well-known types come from protobuf-es, all others from `src/gen`. */
function messageModule({ importPath }: MessageModel): string {
  if (!importPath.startsWith("./")) return importPath;
  return `../../../src/gen/${importPath.slice(2).replace(/\.js$/, ".ts")}`;
}
