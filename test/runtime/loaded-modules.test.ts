import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleLibrary } from "../../scripts/build/bundle-library.ts";
import { packageRoot } from "../../src/package-root.ts";
import { createPlugin } from "../../src/plugin/plugin.ts";
import { generateMessages } from "../../src/scaffold/generation/messages.ts";
import { runPlugin } from "../../src/scaffold/generation/run-plugin.ts";
import { casesDirectory, compile } from "../plugin/support.ts";
import { writeFiles } from "../scaffold/support.ts";

const dist = join(packageRoot(), "test", ".tmp", "library");
const distUrl = `${pathToFileURL(dist)}/`;
/** The sources in each file of the built library, by its path. */
let sources: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  await rm(dist, { recursive: true, force: true });
  sources = await bundleLibrary(join(packageRoot(), "runtime"), dist);
  await generateGreeter();
});

/** Generates JavaScript for a service into `gen`, which imports the built library. */
async function generateGreeter(): Promise<void> {
  const files = compile(join(casesDirectory, "no-package"));
  const descriptors = { files, sourceFiles: files };
  const targets = new Set(files.map(({ name }) => name));
  const es = { parameter: "target=js,import_extension=js", includeImports: false };
  const library = ["grpc-service:../index.js", "grpc-service/client:../client.js"];
  const rewrites = library.map((rewrite) => `,rewrite_imports=${rewrite}`).join("");
  const grpc = { ...es, parameter: es.parameter + rewrites };
  const printed = [
    ...generateMessages(descriptors, targets, es),
    ...runPlugin(createPlugin(), grpc, descriptors, targets),
  ];
  await writeFiles(join(dist, "gen"), Object.fromEntries(printed));
}

afterAll(() => rm(dist, { recursive: true, force: true }));

/** What a program loads. */
interface Loaded {
  /** Files of the library, by their paths in `dist`. */
  readonly files: readonly string[];
  /** Sources in these files. */
  readonly modules: readonly string[];
  /** Everything else, by URL, except what CommonJS packages require. */
  readonly others: readonly string[];
}

/** Prints the URL of each module when it is loaded. */
const hooks = `
import { writeSync } from "node:fs";
export function load(url, context, next) {
  writeSync(1, url + "\\n");
  return next(url, context);
}`;

const withHooks = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`;

/** Runs a program in a process of its own. It imports the library as `lib/<entry>`. */
async function run(program: string): Promise<Loaded> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    dataUrl(withHooks),
    "--input-type=module",
    "--eval",
    program.replace(/"lib\/([^"]*)"/g, `"${distUrl}$1.js"`),
  ]);
  const urls = stdout.split("\n").filter((url) => /^(?:file|node):/.test(url));
  const files = urls
    .filter((url) => url.startsWith(distUrl))
    .map((url) => url.slice(distUrl.length));
  return {
    files,
    modules: files.flatMap((file) => sources.get(file) ?? []).sort(),
    others: urls.filter((url) => !url.startsWith(distUrl)),
  };
}

function dataUrl(program: string): string {
  return `data:text/javascript,${encodeURIComponent(program)}`;
}

/** A package that only some programs need. */
const optionalPeer =
  /\/node_modules\/(@bufbuild\/protovalidate|@opentelemetry|@redis|jose|pino|prom-client|rate-limiter-flexible)\//;

/** Starts and stops a server of a generated service. */
const server = `
import { implement } from "lib/index";
import { GrpcServer } from "lib/server";
import { greeterDefinition } from "lib/gen/greeter_grpc";
const services = [implement(greeterDefinition, { sayHello: () => ({}) })];
const server = new GrpcServer({ services });
await server.listen("127.0.0.1:0");
await server.stop(0);`;

/** Starts and stops an app with the interceptors that need no further package. */
const app = `
import "lib/index";
import { AppServer } from "lib/app";
import { defineConfig, readServiceConfig } from "lib/config";
import { recovery, validation } from "lib/interceptors";
const service = { name: "test", version: "1" };
const config = defineConfig((env) => readServiceConfig(env, service))({ ADDRESS: "127.0.0.1:0" });
const logger = { info() {}, error() {} };
const interceptors = [recovery({ logger }), validation()];
const app = new AppServer({ config, services: [], interceptors, logger });
await app.start();
await app.stop();`;

const client = 'import "lib/index"; import "lib/gen/greeter_client";';

test.each([
  ["a server", server, /^(client|health|interceptors|reflection|tls)\/|_grpc\.ts|error_details_pb/],
  ["an app", app, /^(client|connect|testing)\/|_client\.ts/],
  ["a client", client, /^(server|health|reflection|tls)\/(?!limits)|error_details_pb/],
  ["health", 'import "lib/health";', /^(server|client|reflection|tls)\/(?!limits)|_client\.ts/],
  [
    "a health check",
    'import "lib/health/client";',
    /^(server|reflection|tls)\/(?!limits)|-registry/,
  ],
  ["reflection", 'import "lib/reflection";', /^(server|client|health|tls)\/(?!limits)/],
  ["a cache", 'import "lib/cache";', /^(server|client|health|reflection|redis|tls)\/(?!limits)/],
  ["tls", 'import "lib/tls";', /^(server|client|health|reflection)\/(?!limits)/],
])("%s loads what it uses", async (_, program, foreign) => {
  const { modules, others } = await run(program);
  expect(modules.length).toBeGreaterThan(3);
  expect(modules.filter((path) => foreign.test(path))).toEqual([]);
  expect(others.filter((url) => optionalPeer.test(url))).toEqual([]);
});

test("optional packages are recognised", async () => {
  const { others } = await run('import "lib/logger"; import "lib/interceptors/auth";');
  const found = others.flatMap((url) => optionalPeer.exec(url)?.[1] ?? []);
  expect(new Set(found)).toEqual(new Set(["pino", "jose"]));
});

// Loading the library's part of an app takes a quarter less CPU time than with twice as many files.
test.each([
  ["a server", server, 4],
  ["an app", app, 13],
  ["a client", client, 4],
])("%s loads few files", async (_, program, most) => {
  const files = (await run(program)).files.filter((file) => !file.startsWith("gen/"));
  expect(files.length).toBeGreaterThan(2);
  expect(files.length).toBeLessThanOrEqual(most);
});

test("generated code loads the client only where a program calls", async () => {
  const generated = async (program: string) =>
    (await run(program)).files.filter((file) => file.startsWith("gen/")).sort();
  const both = ["gen/greeter_codec.js", "gen/greeter_grpc.js", "gen/greeter_pb.js"];
  expect(await generated(server)).toEqual(both);
  expect(await generated(client)).toEqual(["gen/greeter_client.js", ...both]);
});
