import type { ChannelInterface } from "@grpc/grpc-js";
import type { Dependencies } from "../../../../examples/user-service/src/dependencies.ts";
import { createChannel } from "../../../../runtime/src/client/index.ts";
import {
  type CallContext,
  GrpcError,
  type ServerInterceptor,
} from "../../../../runtime/src/index.ts";
import type { Incident } from "../../../../runtime/src/interceptors/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { cleanUp } from "../../support/echo.ts";
import { implementPatterns } from "../../support/four-patterns.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { allDependencies, order, ruledPatterns, setUp } from "./project-interceptors.ts";

/** What interceptors and handler did, in order, and what they recorded. */
export interface RecordedCalls {
  readonly channel: ChannelInterface;
  /** `> name` before `next()`, `< name CODE` after it. */
  readonly actions: string[];
  readonly lines: Record<string, unknown>[];
  readonly incidents: Incident[];
  readonly registry: Dependencies["registry"];
}

/**
 * Serves the four patterns behind all interceptors, until the test is over.
 *
 * @param options.points calls that the rate limit permits
 * @param options.extra an interceptor to add right inside the one with this name
 */
export async function startRecorded(
  options: {
    work?: (context: CallContext) => unknown;
    points?: number;
    extra?: readonly [inside: string, interceptor: ServerInterceptor];
  } = {},
): Promise<RecordedCalls> {
  const actions: string[] = [];
  const incidents: Incident[] = [];
  const { logger, lines } = recordingLogger();
  const dependencies = { ...allDependencies(options.points), logger };
  const interceptorsOf = await setUp(dependencies, (incident) => void incidents.push(incident));
  const handlers = implementPatterns((context) => {
    actions.push("handler");
    return options.work?.(context);
  }, ruledPatterns);
  const [inside, extra] = options.extra ?? [];
  const server = new GrpcServer({
    services: [handlers],
    interceptors: (method) =>
      interceptorsOf(method).flatMap((interceptor) => [
        recorded(interceptor, actions),
        ...(extra !== undefined && interceptor.name === inside ? [extra] : []),
      ]),
    onError: () => {}, // handlers throw on purpose
  });
  cleanUp(() => server.stop(100));
  const channel = createChannel(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
  cleanUp(() => channel.close());
  return { channel, actions, lines, incidents, registry: dependencies.registry };
}

function recorded(interceptor: ServerInterceptor, actions: string[]): ServerInterceptor {
  return async (call, next) => {
    actions.push(`> ${interceptor.name}`);
    let code = "OK";
    try {
      await interceptor(call, next);
    } catch (error) {
      code = GrpcError.from(error).code;
      throw error;
    } finally {
      actions.push(`< ${interceptor.name} ${code}`);
    }
  };
}

/** The actions of a call that ends with `code` right inside the interceptor `last`. */
export function endedInside(last: string, code: string): string[] {
  return actionsOf(order.slice(0, order.indexOf(last) + 1), code);
}

/** The actions of a call that reaches the handler and ends with `code`. */
export function handled(code: string): string[] {
  return actionsOf(order, code, ["handler"]);
}

function actionsOf(passed: readonly string[], code: string, innermost: readonly string[] = []) {
  return [
    ...passed.map((name) => `> ${name}`),
    ...innermost,
    ...passed.toReversed().map((name) => `< ${name} ${code}`),
  ];
}
