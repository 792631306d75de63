import * as grpc from "@grpc/grpc-js";
import type { AddressOptions } from "../../../../runtime/src/client/index.ts";
import type { EchoClient } from "../../gen/echo_client.ts";
import type { EchoHandlers } from "../../gen/echo_grpc.ts";
import { collect } from "../../support/echo.ts";

export const kinds = ["unary", "serverStream", "clientStream", "bidi"] as const;
export type Kind = (typeof kinds)[number];

export const never = () => new Promise<never>(() => {});

/** Handlers that never end by themselves. */
export const hanging: EchoHandlers = {
  unary: never,
  serverStream: async function* () {
    yield {};
    await never();
  },
  clientStream: never,
  bidi: async function* () {
    yield {};
    await never();
  },
};

/** Makes a call of the kind, with one request, and reads it to its end. */
export function callOf(
  client: EchoClient,
  kind: Kind,
  options?: Parameters<EchoClient["unary"]>[1],
): Promise<unknown> {
  switch (kind) {
    case "unary":
      return client.unary({}, options);
    case "serverStream":
      return collect(client.serverStream({}, options));
    case "clientStream":
      return client.clientStream([{}], options);
    case "bidi":
      return collect(client.bidi([{}], options));
  }
}

/** Does nothing, but messages take a turn of the event loop. */
const passThrough: grpc.Interceptor = (options, nextCall) =>
  new grpc.InterceptingCall(nextCall(options), {
    start: (metadata, _listener, next) =>
      next(metadata, {
        onReceiveMessage: (message, deliver) => setImmediate(deliver, message),
      }),
    sendMessage: (message, next) => setImmediate(next, message),
  });

/** Ways of a call through the client; the same behaviour is asked of all of them. */
export const paths: readonly { readonly name: string; readonly options: AddressOptions }[] = [
  { name: "bare", options: {} },
  { name: "behind an interceptor", options: { interceptors: [async (_call, next) => next()] } },
  { name: "behind an interceptor of grpc-js", options: { nativeInterceptors: [passThrough] } },
];
