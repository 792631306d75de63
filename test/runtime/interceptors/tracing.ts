import {
  type ClientInterceptor,
  GrpcError,
  type Interceptor,
  type ServerInterceptor,
} from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { collect, type EchoFixture } from "../support/echo.ts";

export const kinds = ["unary", "serverStream", "clientStream", "bidi"] as const;
export type Kind = (typeof kinds)[number];

/** Writes down what an interceptor called `name` sees. */
export function tracing<
  C extends Parameters<ServerInterceptor>[0] | Parameters<ClientInterceptor>[0],
>(log: string[], name: string): Interceptor<C> {
  return async (call, next) => {
    log.push(`${name} before`);
    call.onRequest(() => {
      log.push(`${name} request`);
    });
    call.onResponse(() => {
      log.push(`${name} response`);
    });
    try {
      await next();
      log.push(`${name} OK`);
    } catch (error) {
      log.push(`${name} ${GrpcError.from(error).code}`);
      throw error;
    }
  };
}

/** Ends the call itself. */
export function refusing(where: "before" | "after"): Interceptor<unknown> {
  return async (_call, next) => {
    if (where === "after") await next();
    throw new GrpcError("PERMISSION_DENIED", "refused");
  };
}

/** Handlers of all kinds that write down that they run, or fail at once. */
export function handlersLogging(log: string[], error?: GrpcError): EchoHandlers {
  const enter = () => {
    log.push("handler");
    if (error !== undefined) throw error;
  };
  return {
    unary: async () => {
      enter();
      return {};
    },
    serverStream: async function* () {
      enter();
      yield {};
      yield {};
    },
    clientStream: async (requests) => {
      enter();
      for await (const _request of requests);
      return {};
    },
    bidi: async function* (requests) {
      enter();
      for await (const _request of requests) yield {};
    },
  };
}

/** Makes a call of the kind, and reads it to its end. */
export function call(client: EchoFixture["client"], kind: Kind): Promise<unknown> {
  // One request at a time, so that requests and responses take turns in the log.
  const requests = [{}];
  switch (kind) {
    case "unary":
      return client.unary({});
    case "serverStream":
      return collect(client.serverStream({}));
    case "clientStream":
      return client.clientStream(requests);
    case "bidi":
      return collect(client.bidi(requests));
  }
}

/** What `A`, the outer one, and `B` see of a message. */
export const request = ["A request", "B request"];
export const response = ["B response", "A response"];
