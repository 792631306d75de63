import { create, setExtension } from "@bufbuild/protobuf";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { signToken } from "../src/client/token.ts";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";
import {
  GrpcError,
  healthServiceDefinition,
  type ServerInterceptor,
} from "../src/gen/runtime/index.ts";
import type { Incident } from "../src/interceptors/alert.ts";
import { interceptors } from "../src/interceptors/index.ts";
import { requestWith } from "./changed-request.ts";
import { implementPatterns, patternCalls, patternsTaking } from "./four-patterns.ts";
import { recordSpans } from "./recorded-spans.ts";
import { recordingLogger, startTestServer, type TestServer, testConfig } from "./support.ts";

/** THE ORDER with everything switched on, by the names of the functions. */
const order = [
  "recover",
  "identify",
  "traceServed",
  "measure",
  "logCall",
  "showRequests",
  "watchForIncidents",
  "keepRecord",
  "limitDuration",
  "authenticateCaller",
  "limitRate",
  "validate",
];

const rules = create(FieldRulesSchema, {
  type: { case: "string", value: { notContains: "forbidden" } },
});
const patterns = patternsTaking(requestWith((options) => setExtension(options, field, rules)));
const methods = [...Object.values(patterns), ...Object.values(healthServiceDefinition)];

const config = testConfig({
  environment: "development",
  metricsAddress: "127.0.0.1:0",
  audit: true,
  deadlines: { unaryMs: 60_000, streamMs: 60_000 },
});
const authorization = `Bearer ${await signToken(config.auth, "ada")}`;
const metadata = { authorization };

let recording: ReturnType<typeof recordSpans>;
beforeAll(() => {
  recording = recordSpans();
});
afterAll(() => recording.stop());

let server: TestServer;
afterEach(() => server.close());

/** What the layers and the handler did, in order, and what they have left behind. */
interface Story {
  /** `> name` on the way in, `< name CODE` on the way out. */
  readonly actions: string[];
  readonly lines: Record<string, unknown>[];
  readonly incidents: Incident[];
  readonly registry: Dependencies["registry"];
}

/**
 * Serves the four patterns behind THE ORDER.
 *
 * @param extra a layer to put right inside of the layer with this name
 */
async function start(
  options: {
    work?: () => unknown;
    points?: number;
    extra?: readonly [inside: string, layer: ServerInterceptor];
  } = {},
): Promise<Story> {
  const actions: string[] = [];
  const incidents: Incident[] = [];
  const { logger, lines } = recordingLogger();
  const dependencies: Dependencies = {
    ...createDependencies(config),
    logger,
    limiter: new RateLimiterMemory({ points: options.points ?? 1000, duration: 60 }),
    notify: (incident) => void incidents.push(incident),
  };
  const layersOf = await interceptors(config, dependencies, methods);
  const handlers = implementPatterns(() => {
    actions.push("handler");
    return options.work?.();
  }, patterns);
  const [inside, extra] = options.extra ?? [];
  server = await startTestServer([handlers], (method) =>
    layersOf(method).flatMap((layer) => [
      told(layer, actions),
      ...(extra !== undefined && layer.name === inside ? [extra] : []),
    ]),
  );
  return { actions, lines, incidents, registry: dependencies.registry };
}

function told(layer: ServerInterceptor, actions: string[]): ServerInterceptor {
  return async (call, next) => {
    actions.push(`> ${layer.name}`);
    let code = "OK";
    try {
      await layer(call, next);
    } catch (error) {
      code = GrpcError.from(error).code;
      throw error;
    } finally {
      actions.push(`< ${layer.name} ${code}`);
    }
  };
}

/** The way in to `last`, what happens there, and the way out with `code`. */
function story(last: string, code: string, innermost: readonly string[] = []): string[] {
  const passed = order.slice(0, order.indexOf(last) + 1);
  return [
    ...passed.map((name) => `> ${name}`),
    ...innermost,
    ...passed.toReversed().map((name) => `< ${name} ${code}`),
  ];
}

describe.each(patternCalls)("%s", (name, call) => {
  /** Every layer that watches has seen that the call ended with `code`. */
  async function expectSeen({ lines, registry }: Story, code: string): Promise<void> {
    const ended = (msg: string) => lines.filter((line) => line.msg === msg);
    expect(ended("call ended")).toMatchObject([{ code }]);
    expect(ended("call audited")).toMatchObject([{ code }]);
    const text = await registry.metrics();
    expect(text).toContain(`grpc_method="${name}"`);
    expect(text).toMatch(new RegExp(`handled_total\\{.*grpc_code="${code}"\\} 1`));
    expect(recording.spans.at(-1)).toMatchObject({ name: `test.Patterns/${name}`, ended: true });
  }

  test("success", async () => {
    const told = await start();
    await call(server.channel, { metadata });
    expect(told.actions).toEqual(story("validate", "OK", ["handler"]));
    await expectSeen(told, "OK");
  });

  test.each(order)("a refusal inside of %s", async (inside) => {
    const refuse: ServerInterceptor = async () => {
      throw new GrpcError("FAILED_PRECONDITION", "not now");
    };
    const { actions } = await start({ extra: [inside, refuse] });
    await expect(call(server.channel, { metadata })).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      rawMessage: "not now",
    });
    expect(actions).toEqual(story(inside, "FAILED_PRECONDITION"));
  });

  test.each(order)("a throw inside of %s", async (inside) => {
    const explode: ServerInterceptor = () => {
      throw new TypeError("password is hunter2");
    };
    const { actions } = await start({ extra: [inside, explode] });
    await expect(call(server.channel, { metadata })).rejects.toMatchObject({
      code: "INTERNAL",
      rawMessage: "internal error",
    });
    expect(actions).toEqual(story(inside, "INTERNAL"));
  });

  test("no token", async () => {
    const told = await start();
    await expect(call(server.channel)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(told.actions).toEqual(story("authenticateCaller", "UNAUTHENTICATED"));
    await expectSeen(told, "UNAUTHENTICATED");
  });

  test("too many calls", async () => {
    const told = await start({ points: 0 });
    const reply = call(server.channel, { metadata });
    await expect(reply).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    expect(told.actions).toEqual(story("limitRate", "RESOURCE_EXHAUSTED"));
    await expectSeen(told, "RESOURCE_EXHAUSTED");
  });

  test("a bad message", async () => {
    const told = await start();
    const request = { service: "forbidden" };
    const reply = call(server.channel, { metadata, request });
    await expect(reply).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(told.actions).toEqual(story("validate", "INVALID_ARGUMENT"));
    await expectSeen(told, "INVALID_ARGUMENT");
  });

  test("a handler that throws", async () => {
    const told = await start({
      work: () => {
        throw new Error("a bug");
      },
    });
    await expect(call(server.channel, { metadata })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(told.actions).toEqual(story("validate", "INTERNAL", ["handler"]));
    await expectSeen(told, "INTERNAL");
    expect(told.incidents).toMatchObject([{ code: "INTERNAL", error: { message: "a bug" } }]);
  });

  test("a caller that leaves", async () => {
    const leave = new AbortController();
    const told = await start({
      work: () => {
        leave.abort();
        return new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    const reply = call(server.channel, { metadata, signal: leave.signal });
    await expect(reply).rejects.toMatchObject({ code: "CANCELLED" });
    const expected = story("validate", "CANCELLED", ["handler"]);
    await expect.poll(() => told.actions).toEqual(expected);
    await expectSeen(told, "CANCELLED");
  });
});
