import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallContext, implement, type ServiceDefinition } from "../../runtime/src/index.ts";
import { GrpcServer } from "../../runtime/src/server/index.ts";
import type { ServiceModel } from "../../src/plugin/model.ts";
import { createPlugin } from "../../src/plugin/plugin.ts";
import {
  binDirectory,
  caseNames,
  caseParameter,
  casesDirectory,
  compile,
  filesOf,
  modelsOf,
  requestFor,
  root,
} from "./support.ts";

// Inside the repository, so that imports find node_modules.
const output = join(root, "test", ".tmp", "plugin");

beforeAll(() => {
  rmSync(output, { recursive: true, force: true });
  write(".gitignore", "*\n");
  const plugin = createPlugin();
  for (const name of caseNames) {
    const protos = compile(join(casesDirectory, name));
    const parameter = caseParameter(name);
    const files = [
      ...filesOf(protocGenEs(requestFor(protos, `${parameter},erasable_syntax=true`))),
      ...filesOf(plugin.run(requestFor(protos, parameter))),
      ...modelsOf(protos).map((service) => [`use/${service.directory}.ts`, use(service)] as const),
    ];
    for (const [path, content] of files) {
      write(join(name, path), content);
    }
  }
  const config = { extends: "../../../tsconfig.json", include: ["."], exclude: [] };
  write("tsconfig.json", JSON.stringify(config));
});

afterAll(() => {
  rmSync(output, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(output, path)), { recursive: true });
  writeFileSync(join(output, path), content);
}

/** A process, because protoc-gen-es brings a protobuf-es of its own, whose types are not ours. */
function protocGenEs(request: CodeGeneratorRequest): CodeGeneratorResponse {
  const input = toBinary(CodeGeneratorRequestSchema, request);
  const { stdout } = spawnSync(join(binDirectory, "protoc-gen-es"), { input, maxBuffer: 1 << 26 });
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}

/** A module that compiles only when handlers, definition and runtime fit together. */
function use(service: ServiceModel): string {
  const { importPath, definitionName, handlersType, clientClass, clientPath } = service;
  return `import { implement } from "grpc-service";
import { bindClient, type BoundClient } from "grpc-service/client";
import { ${clientClass} } from ".${clientPath}";
import { ${definitionName}, type ${handlersType} } from ".${importPath}";
export const register = (handlers: ${handlersType}) => implement(${definitionName}, handlers);
export const client = new ${clientClass}("localhost:1");
export const bound: BoundClient<typeof ${definitionName}> = bindClient(${definitionName}, "localhost:1");
`;
}

test("everything generated passes the type checker", { timeout: 120_000 }, () => {
  expect(fails("tsc", ["--noEmit", "-p", output], root)).toBe("");
});

test("everything generated passes isolatedDeclarations", { timeout: 120_000 }, () => {
  const flags = ["--noEmit", "--declaration", "--isolatedDeclarations"];
  const errors = fails("tsc", [...flags, "-p", output], root)
    .split("\n")
    .filter((line) => line.startsWith("test/.tmp/plugin/") && line.includes("error TS9"));
  expect(errors.filter((line) => /_(client|grpc|pb)\.ts\(/.test(line))).toEqual([]);
  // The modules of this test do not: the flags have an effect.
  expect(errors.filter((line) => line.includes("/use/"))).not.toEqual([]);
});

test("methods whose names mean something to JavaScript answer over a socket", async () => {
  const { methodsDefinition, MethodsClient }: MethodsModule = await load(
    "names-of-methods/methods",
  );
  const called: string[] = [];
  const handlers = Object.entries(methodsDefinition).map(([localName, { kind }]) => {
    const isStream = kind === "server_streaming" || kind === "bidi_streaming";
    const answer = (_: unknown, { method }: CallContext) => {
      called.push(method.name);
      return isStream ? [{}] : {};
    };
    return [localName, answer];
  });
  const registration = implement(methodsDefinition, Object.fromEntries(handlers));
  const server = new GrpcServer({ services: [registration] });
  const client = new MethodsClient(`localhost:${await server.listen("localhost:0")}`);
  for (const [localName, { kind }] of Object.entries(methodsDefinition)) {
    const isStream = kind === "client_streaming" || kind === "bidi_streaming";
    const method = Reflect.get(client, localName);
    await settle(Reflect.apply(method, client, [isStream ? [{}] : {}]));
  }
  client.close();
  await server.stop(0);
  expect(called).toEqual(Object.values(methodsDefinition).map(({ name }) => name));
  expect(called).toHaveLength(43);
});

test("messages and services named like globals answer over a socket", async () => {
  const { globalsDefinition, GlobalsClient, functionDefinition, FunctionClient }: GlobalsModule =
    await load("names-of-globals/globals");
  const answers = Object.keys(globalsDefinition).map((name) => [
    name,
    (request: object) => request,
  ]);
  const server = new GrpcServer({
    services: [
      implement(globalsDefinition, Object.fromEntries(answers)),
      implement(functionDefinition, { get: () => ({}) }),
    ],
  });
  const address = `localhost:${await server.listen("localhost:0")}`;
  const [client, other] = [new GlobalsClient(address), new FunctionClient(address)];
  for (const name of Object.keys(globalsDefinition)) {
    await expect(Reflect.apply(Reflect.get(client, name), client, [{}])).resolves.toBeTruthy();
  }
  await expect(Reflect.apply(Reflect.get(other, "get"), other, [{}])).resolves.toBeTruthy();
  // Fields, too: what is called __proto__ or constructor is a property like any other.
  const fields = {
    Proto: "a",
    constructor$: "b",
    prototype: "c",
    toString$: "d",
    hasOwnProperty: "e",
  };
  const echoed: object = await Reflect.apply(Reflect.get(client, "echo"), client, [fields]);
  expect(Object.entries(echoed)).toEqual(expect.arrayContaining(Object.entries(fields)));
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("Proto" in {}).toBe(false);
  client.close();
  other.close();
  await server.stop(0);
});

type ClientClass = new (address: string) => { close(): void };

interface GlobalsModule {
  readonly globalsDefinition: ServiceDefinition;
  readonly GlobalsClient: ClientClass;
  readonly functionDefinition: ServiceDefinition;
  readonly FunctionClient: ClientClass;
}

interface MethodsModule {
  readonly methodsDefinition: ServiceDefinition;
  readonly MethodsClient: ClientClass;
}

/** The generated modules of a proto: their paths are known only when the test runs. */
async function load<Module>(proto: string): Promise<Module> {
  const path = join(output, proto);
  return { ...(await import(`${path}_grpc.ts`)), ...(await import(`${path}_client.ts`)) };
}

async function settle(reply: Promise<unknown> | AsyncIterable<unknown>): Promise<void> {
  if (reply instanceof Promise) {
    await reply;
    return;
  }
  const messages = reply[Symbol.asyncIterator]();
  while (!(await messages.next()).done);
}

test("TypeScript for ordinary protos is formatted and sorted as biome would", () => {
  const directory = mkdtempSync(join(tmpdir(), "biome-"));
  const { formatter, assist, linter } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  writeFileSync(
    join(directory, "biome.json"),
    `${JSON.stringify({ formatter, assist, linter })}\n`,
  );
  for (const name of caseNames.filter(isOrdinary)) {
    cpSync(join(casesDirectory, name, "expected"), join(directory, name), { recursive: true });
  }
  // Names of 120 characters leave no line of a codec as it should be.
  rmSync(join(directory, "long-names", "long_codec.ts"));
  const problems = fails(
    "biome",
    ["check", "--colors=off", ...caseNames.filter(isOrdinary)],
    directory,
  );
  rmSync(directory, { recursive: true });
  expect(problems).toBe("");
});

/** Whether all names are such that a linter has nothing to say; there is no output to check either. */
function isOrdinary(name: string): boolean {
  return !name.startsWith("names-of-") && name !== "js-and-dts" && name !== "no-service";
}

/** What a failing process has to say; nothing when it does not fail. */
function fails(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(join(binDirectory, command), args, {
    cwd,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${command} ended with ${status}\n${stdout}${stderr}`;
}
