import { create, setExtension } from "@bufbuild/protobuf";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterAll, afterEach } from "vitest";
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
import { implementPatterns, patternsTaking } from "./four-patterns.ts";
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
export const order = [
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
export const patterns = patternsTaking(
  requestWith((options) => setExtension(options, field, rules)),
);
const methods = [...Object.values(patterns), ...Object.values(healthServiceDefinition)];

const config = testConfig({
  environment: "development",
  metricsAddress: "127.0.0.1:0",
  audit: true,
  deadlines: { unaryMs: 60_000, streamMs: 60_000 },
});
/** A caller that may do everything. */
export const metadata = await callerMetadata(config);

/** Before the layers: which there are is decided once, and tracing wants a tracer. */
export const recording = recordSpans();
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

export const layersOf = await layersByMethod(everything());
/** Those of `order` that this project has. */
export const present = layersOf(patterns.unary).map(({ name }) => name);

/** What the layers and the handler did, in order, and what they have left behind. */
export interface Story {
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
export async function start(
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
export function turnedBackBy(last: string, code: string): string[] {
  return story(present.slice(0, present.indexOf(last) + 1), code);
}

/** The way in through all layers to the handler, and the way out with `code`. */
export function wholeWay(code: string): string[] {
  return story(present, code, ["handler"]);
}

function story(passed: readonly string[], code: string, innermost: readonly string[] = []) {
  return [
    ...passed.map((name) => `> ${name}`),
    ...innermost,
    ...passed.toReversed().map((name) => `< ${name} ${code}`),
  ];
}
