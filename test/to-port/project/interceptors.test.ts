import { afterEach, expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import { createDependencies } from "../src/dependencies.ts";
import { healthServiceDefinition } from "../src/gen/runtime/health/index.ts";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { interceptors } from "../src/interceptors/index.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import {
  callerMetadata,
  recordingLogger,
  startTestServer,
  type TestServer,
  testConfig,
} from "./support.ts";

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const config = testConfig();
const metadata = await callerMetadata(config);
const methods = [...patternMethods, ...Object.values(healthServiceDefinition)];

/** Serves the four patterns behind the interceptors of this project, in their order. */
async function start(work: () => unknown) {
  const { logger, lines } = recordingLogger();
  const dependencies = { ...createDependencies(config), logger };
  const layersOf = await interceptors(config, dependencies, methods);
  server = await startTestServer([implementPatterns(work)], layersOf);
  return { lines, channel: server.channel };
}

/** The names of the layers of each method, with these settings. */
async function layerNames(settings: Config): Promise<Map<string, string[]>> {
  const layersOf = await interceptors(settings, createDependencies(settings), methods);
  return new Map(methods.map((method) => [method.path, layersOf(method).map(({ name }) => name)]));
}

test.each(patternCalls)(
  "%s: a refused call is logged, and its caller gets the id",
  async (_, call) => {
    const { lines, channel } = await start(() => {
      throw new GrpcError("PERMISSION_DENIED", "not you");
    });
    const refusal = await call(channel, { metadata }).then(() => undefined, GrpcError.from);
    const [requestId] = refusal?.metadata.get("x-request-id") ?? [];
    expect(refusal?.code).toBe("PERMISSION_DENIED");
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "PERMISSION_DENIED", requestId });
  },
);

test.each(patternCalls)("%s: a bug is logged under the id of its call", async (_, call) => {
  const { lines, channel } = await start(() => {
    throw new Error("a bug");
  });
  const reply = call(channel, { metadata: { ...metadata, "x-request-id": "order-42" } });
  await expect(reply).rejects.toMatchObject({ code: "INTERNAL" });
  expect(lines).toMatchObject([
    { msg: "call started", requestId: "order-42" },
    { msg: "call ended", requestId: "order-42", code: "INTERNAL" },
    { msg: "call failed", requestId: "order-42", err: { message: "a bug" } },
  ]);
});

test.each(patternCalls)("%s: no line holds the token", async (_, call) => {
  const { lines, channel } = await start(() => {});
  await call(channel, { metadata });
  expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "OK" });
  expect(JSON.stringify(lines)).not.toContain(metadata.authorization?.split(" ")[1]);
});

test("what is switched off is not there", async () => {
  const off = ["measure", "showRequests", "watchForIncidents", "keepRecord", "limitRate"];
  for (const names of (await layerNames(config)).values()) {
    expect(names.filter((name) => off.includes(name))).toEqual([]);
  }
});

test("with AUTH=off, no method asks for a token", async () => {
  const settings = { ...config, auth: { ...config.auth, required: false } };
  for (const names of (await layerNames(settings)).values()) {
    expect(names).not.toContain("authenticateCaller");
  }
});

test("who watches for health may do so without end", async () => {
  const endless = [...(await layerNames(config))]
    .filter(([, names]) => !names.includes("limitDuration"))
    .map(([path]) => path);
  expect(endless).toEqual(["/grpc.health.v1.Health/Watch"]);
});

test("probes are in no record, everything else is", async () => {
  const unrecorded = [...(await layerNames({ ...config, audit: true }))]
    .filter(([, names]) => !names.includes("keepRecord"))
    .map(([path]) => path);
  expect(unrecorded.sort()).toEqual([
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
  ]);
});
