import { setTimeout } from "node:timers/promises";
import { create, setExtension } from "@bufbuild/protobuf";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";
import { healthServiceDefinition } from "../src/gen/runtime/health/index.ts";
import {
  type CallContext,
  GrpcError,
  type MethodInfo,
  type ServerInterceptor,
} from "../src/gen/runtime/index.ts";
import type { Incident } from "../src/interceptors/alert.ts";
import { interceptors } from "../src/interceptors/index.ts";
import { requestWith } from "./changed-request.ts";
import { implementPatterns, patternCalls, patternsTaking } from "./four-patterns.ts";
import { recordSpans } from "./recorded-spans.ts";
import {
  callerMetadata,
  recordingLogger,
  startTestServer,
  type TestServer,
  testConfig,
} from "./support.ts";

/**
 * THE ORDER with everything switched on, by the names of the functions. Layers of your own may stand
 * between these, and are left out of these tests. What you take out of the project, take out here.
 */
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
const metadata = await callerMetadata(config);

const recording = recordSpans();
afterAll(() => recording.stop());

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Everything that switches on a layer. */
function everything(points = 1000): Dependencies {
  return {
    ...createDependencies(config),
    limiter: new RateLimiterMemory({ points, duration: 60 }),
    notify: () => {},
  };
}

/** Which layers of `order` a method gets, in the order of this project. */
async function layersByMethod(
  dependencies: Dependencies,
): Promise<(method: MethodInfo) => ServerInterceptor[]> {
  const layersOf = await interceptors(config, dependencies, methods);
  return (method) => layersOf(method).filter(({ name }) => order.includes(name));
}

const layersOf = await layersByMethod(everything());
const present = layersOf(patterns.unary).map(({ name }) => name);

/** What the layers and the handler did, in order, and what they have left behind. */
interface Story {
  readonly channel: TestServer["channel"];
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
    work?: (context: CallContext) => unknown;
    points?: number;
    extra?: readonly [inside: string, layer: ServerInterceptor];
  } = {},
): Promise<Story> {
  const actions: string[] = [];
  const incidents: Incident[] = [];
  const { logger, lines } = recordingLogger();
  const dependencies: Dependencies = {
    ...everything(options.points),
    logger,
    notify: (incident) => void incidents.push(incident),
  };
  const layersOf = await layersByMethod(dependencies);
  const handlers = implementPatterns((context) => {
    actions.push("handler");
    return options.work?.(context);
  }, patterns);
  const [inside, extra] = options.extra ?? [];
  server = await startTestServer([handlers], (method) =>
    layersOf(method).flatMap((layer) => [
      told(layer, actions),
      ...(extra !== undefined && layer.name === inside ? [extra] : []),
    ]),
  );
  const { channel } = server;
  return { channel, actions, lines, incidents, registry: dependencies.registry };
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

/** The way in to `last`, and the way out with `code`. */
function turnedBackBy(last: string, code: string): string[] {
  return story(present.slice(0, present.indexOf(last) + 1), code);
}

/** The way in through all layers to the handler, and the way out with `code`. */
function wholeWay(code: string): string[] {
  return story(present, code, ["handler"]);
}

function story(passed: readonly string[], code: string, innermost: readonly string[] = []) {
  return [
    ...passed.map((name) => `> ${name}`),
    ...innermost,
    ...passed.toReversed().map((name) => `< ${name} ${code}`),
  ];
}

const namedMethods = Object.values(patterns).map((method) => [method.name, method] as const);

test.each(namedMethods)("%s: every layer is there, in this order", (_name, method) => {
  expect(layersOf(method).map(({ name }) => name)).toEqual(order);
});

/** Layers that turn calls back by themselves, how to have them do so, and with which status. */
const refusals: {
  layer: string;
  what: string;
  code: string;
  points?: number;
  call?: { metadata?: Record<string, string>; request?: { service: string } };
}[] = [
  {
    layer: "authenticateCaller",
    what: "no token",
    code: "UNAUTHENTICATED",
    call: { metadata: {} },
  },
  { layer: "limitRate", what: "too many calls", code: "RESOURCE_EXHAUSTED", points: 0 },
  {
    layer: "validate",
    what: "a bad message",
    code: "INVALID_ARGUMENT",
    call: { request: { service: "forbidden" } },
  },
];

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
    await call(told.channel, { metadata });
    expect(told.actions).toEqual(wholeWay("OK"));
    await expectSeen(told, "OK");
  });

  test.each(present)("a refusal inside of %s", async (inside) => {
    const refuse: ServerInterceptor = async () => {
      throw new GrpcError("FAILED_PRECONDITION", "not now");
    };
    const { actions, channel } = await start({ extra: [inside, refuse] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      rawMessage: "not now",
    });
    expect(actions).toEqual(turnedBackBy(inside, "FAILED_PRECONDITION"));
  });

  test.each(present)("a throw inside of %s", async (inside) => {
    const explode: ServerInterceptor = () => {
      throw new TypeError("password is hunter2");
    };
    const { actions, channel } = await start({ extra: [inside, explode] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "INTERNAL",
      rawMessage: "internal error",
    });
    expect(actions).toEqual(turnedBackBy(inside, "INTERNAL"));
  });

  test.each(refusals.filter(({ layer }) => present.includes(layer)))(
    "$what",
    async ({ layer, code, points = 1000, call: changed }) => {
      const told = await start({ points });
      const reply = call(told.channel, { metadata, ...changed });
      await expect(reply).rejects.toMatchObject({ code });
      expect(told.actions).toEqual(turnedBackBy(layer, code));
      await expectSeen(told, code);
    },
  );

  test("a handler that throws", async () => {
    const told = await start({
      work: () => {
        throw new Error("a bug");
      },
    });
    await expect(call(told.channel, { metadata })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(told.actions).toEqual(wholeWay("INTERNAL"));
    await expectSeen(told, "INTERNAL");
    expect(told.incidents).toMatchObject([{ code: "INTERNAL", error: { message: "a bug" } }]);
  });

  test("a caller that leaves", async () => {
    const leave = new AbortController();
    const told = await start({
      work: async ({ signal }) => {
        leave.abort();
        await setTimeout(60_000, undefined, { signal }).catch(() => {});
      },
    });
    const reply = call(told.channel, { metadata, signal: leave.signal });
    await expect(reply).rejects.toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => told.actions).toEqual(wholeWay("CANCELLED"));
    await expectSeen(told, "CANCELLED");
  });
});
