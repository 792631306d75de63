import * as grpc from "@grpc/grpc-js";
import { bind } from "../support/bind.ts";
import { cleanUp } from "../support/echo.ts";

const bytes = {
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
};

/** Methods of grpc-js whose messages are bytes. */
const definition = {
  unary: { path: "/native/Unary", requestStream: false, responseStream: false, ...bytes },
  upload: { path: "/native/Upload", requestStream: true, responseStream: false, ...bytes },
} satisfies grpc.ServiceDefinition;

/** Responds with one message. */
function respond(_call: unknown, callback: grpc.sendUnaryData<Buffer>): void {
  callback(null, Buffer.from("response"));
}

export interface NativeHandlers {
  unary?: grpc.handleUnaryCall<Buffer, Buffer>;
  upload?: grpc.handleClientStreamingCall<Buffer, Buffer>;
}

/** A server of grpc-js with nothing of ours. */
export async function startNativeServer(
  { unary = respond, upload = respond }: NativeHandlers = {},
  options: grpc.ServerOptions = {},
): Promise<{ server: grpc.Server; port: number }> {
  const server = new grpc.Server(options);
  server.addService(definition, { unary, upload });
  cleanUp(() => server.forceShutdown());
  return { server, port: await bind(server) };
}
