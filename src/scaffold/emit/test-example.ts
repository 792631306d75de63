import {
  type MessageModel,
  type MethodModel,
  type ServiceModel,
  streamsRequests,
  streamsResponses,
} from "../../plugin/model.ts";
import type { Doc } from "../../print/doc.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { assignment, call, callWith } from "../../print/syntax.ts";
import { clientModule, handlerFunction } from "./names.ts";

interface Example {
  readonly service: ServiceModel;
  readonly method: MethodModel;
}

/** The RPC of all examples in the documents: the first unary one, or the first of any kind. */
export function exampleOf(services: readonly ServiceModel[]): Example | undefined {
  const all = services.flatMap((service) => service.methods.map((method) => ({ service, method })));
  return all.find(({ method }) => method.kind === "unary") ?? all[0];
}

/** Prints the cookbook's example of a test, over a socket and alone. Empty without RPCs. */
export function printTestExample(services: readonly ServiceModel[]): string {
  const example = exampleOf(services);
  return example === undefined ? "" : printExample(example);
}

const declared = [
  "app",
  "context",
  "expected",
  "handler",
  "request",
  "requests",
  "response",
  "responses",
];

function printExample({ service, method }: Example): string {
  const folder = `services/${service.directory}`;
  const imports = new Imports(declared);
  for (const name of ["afterAll", "expect", "test"]) imports.value(name, "vitest");
  const create = imports.value("create", "@bufbuild/protobuf");
  const createContext = imports.value("createTestContext", "grpc-service/testing");
  const startApp = imports.value("startApp", "../../start-app.ts");
  const client = imports.value(service.clientClass, `../../../src/gen/${clientModule(service)}`);
  const schema = imports.value(method.input.schemaName, messageModule(method.input));
  const output = imports.value(method.output.schemaName, messageModule(method.output));
  const handler = imports.value(
    handlerFunction(service, method),
    `../../../src/${folder}/${method.fileName}.ts`,
  );
  const collect = streamsResponses(method)
    ? imports.value("collect", "grpc-service/testing")
    : undefined;
  const manyRequests = streamsRequests(method);
  const message = call(create, schema);
  const [overSocket, alone] =
    collect === undefined
      ? [
          "expect(response).toEqual(expected)",
          `expect(${create}(${output}, response)).toEqual(expected)`,
        ]
      : [
          `expect(await ${collect}(responses)).toEqual([expected])`,
          `expect(await ${collect}(responses)).toHaveLength(1)`,
        ];
  const expected = assignment("const expected", call(create, output, "{}"));
  return `// test/${folder}/${method.fileName}.test.ts
${imports.print()}

const app = await ${startApp}(); // { dependencies: { store: fakeStore } } replaces the store
afterAll(() => app.close());

${printDoc([expected, ";"])} // every field of the response

test("over a socket", async () => {
${statement("client", call("app.client", client))}
${result(collect, callWith(`client.${method.localName}`, manyRequests ? "[{}]" : "{}"))}
  ${overSocket};
});

test("alone", async () => {
${manyRequests ? printRequests(message) : statement("request", message)}
${statement("context", call(createContext, '{ metadata: { "x-tenant": "acme" } }'))}
${statement("handler", call(handler, "app.dependencies"))}
${result(collect, `handler(${manyRequests ? "requests()" : "request"}, context)`)}
  ${alone};
  expect(context.trailers.get("x-rows")).toEqual(["3"]); // what the handler set
});`;
}

function statement(name: string, value: Doc): string {
  return printDoc([assignment(`const ${name}`, value), ";"], 2);
}

/** What a call returns. */
function result(collect: string | undefined, value: Doc): string {
  return collect !== undefined
    ? statement("responses", value)
    : statement("response", ["await ", value]);
}

function printRequests(message: Doc): string {
  return `  async function* requests() {
${printDoc(["yield ", message, ";"], 4)}
  }`;
}

/** Well-known types come from protobuf-es, all others from `src/gen`. */
function messageModule({ importPath }: MessageModel): string {
  if (!importPath.startsWith("./")) return importPath;
  return `../../../src/gen/${importPath.slice(2).replace(/\.js$/, ".ts")}`;
}
