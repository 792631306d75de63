import { expect, test } from "vitest";
import type { Config } from "../../../../examples/user-service/src/config.ts";
import { createDependencies } from "../../../../examples/user-service/src/dependencies.ts";
import { interceptors } from "../../../../examples/user-service/src/interceptors.ts";
import { healthServiceDefinition } from "../../../../runtime/src/health/index.ts";
import { GrpcError } from "../../../../runtime/src/index.ts";
import { signToken } from "../../../../runtime/src/interceptors/auth/index.ts";
import { interceptorsByMethod } from "../../../../runtime/src/interceptors/index.ts";
import {
  failureOf,
  implementPatterns,
  patternCalls,
  patternMethods,
} from "../../support/four-patterns.ts";
import { loadConfig } from "../../support/project.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { serve } from "../../support/serve.ts";

const variables = { ENV: "test", LOG_LEVEL: "silent" };
const config = loadConfig(variables);
const authorization = `Bearer ${await signToken(config.auth, "test-user")}`;
const metadata = { authorization };
const methods = [...patternMethods, ...Object.values(healthServiceDefinition)];

/** Serves the four patterns behind the interceptors of a new project. */
async function start(work: () => unknown) {
  const { logger, lines } = recordingLogger();
  const dependencies = { ...createDependencies(config), logger };
  const { channel } = await serve([implementPatterns(work)], interceptors(config, dependencies));
  return { lines, channel };
}

/** The names of the interceptors of each method, with these settings. */
async function namesByMethod(settings: Config): Promise<Map<string, string[]>> {
  const entries = interceptors(settings, createDependencies(settings));
  const { environment } = settings;
  const interceptorsOf = await interceptorsByMethod(entries, { methods, environment });
  return new Map(
    methods.map((method) => [method.path, interceptorsOf(method).map(({ name }) => name)]),
  );
}

/** Paths of the methods that do not have the interceptor `name`. */
async function methodsWithout(name: string, settings: Config): Promise<string[]> {
  const byMethod = [...(await namesByMethod(settings))];
  return byMethod.filter(([, names]) => !names.includes(name)).map(([path]) => path);
}

const probes = ["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"];

test.each(patternCalls)(
  "%s: a refused call is logged, and its caller gets the id",
  async (_, call) => {
    const { lines, channel } = await start(() => {
      throw new GrpcError("PERMISSION_DENIED", "not you");
    });
    const refusal = await failureOf(call(channel, { metadata }));
    const [requestId] = refusal.metadata.get("x-request-id");
    expect(refusal.code).toBe("PERMISSION_DENIED");
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "PERMISSION_DENIED", requestId });
  },
);

test.each(patternCalls)("%s: a bug is logged with the id of its call", async (_, call) => {
  const { lines, channel } = await start(() => {
    throw new Error("a bug");
  });
  const reply = call(channel, { metadata: { authorization, "x-request-id": "order-42" } });
  await expect(reply).rejects.toMatchObject({ code: "INTERNAL" });
  expect(lines).toMatchObject([
    { msg: "call started", requestId: "order-42" },
    { msg: "call ended", requestId: "order-42", code: "INTERNAL" },
    { msg: "call failed", requestId: "order-42", err: { message: "a bug" } },
  ]);
});

test.each(patternCalls)("%s: the token is not logged", async (_, call) => {
  const { lines, channel } = await start(() => {});
  await call(channel, { metadata });
  expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "OK" });
  expect(JSON.stringify(lines)).not.toContain(authorization.split(" ")[1]);
});

test("a method has only the interceptors that the settings switch on", async () => {
  const off = ["serverTracing", "metrics", "requestDetail", "audit", "rateLimit", "validation"];
  for (const names of (await namesByMethod(config)).values()) {
    expect(names.filter((name) => off.includes(name))).toEqual([]);
  }
});

test("with AUTH=off, no method requires a token", async () => {
  const settings = loadConfig({ ...variables, AUTH: "off" });
  for (const names of (await namesByMethod(settings)).values()) expect(names).not.toContain("auth");
});

test("only a health watch may last without limit", async () => {
  expect(await methodsWithout("deadline", config)).toEqual(["/grpc.health.v1.Health/Watch"]);
});

test("all calls except health probes are audited", async () => {
  const settings = loadConfig({ ...variables, AUDIT_LOG: "on" });
  expect((await methodsWithout("audit", settings)).sort()).toEqual(probes);
});

test("all calls except health probes count for the rate limit", async () => {
  const settings = loadConfig({ ...variables, RATE_LIMIT_PER_MINUTE: "60" });
  expect((await methodsWithout("rateLimit", settings)).sort()).toEqual(probes);
});
