import { connect as connectTls } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import { implement } from "../../../../runtime/src/index.ts";
import { GrpcServer, toImplementation } from "../../../../runtime/src/server/index.ts";
import {
  type ChannelTlsFiles,
  type RotationOptions,
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
} from "../../../../runtime/src/tls/index.ts";
import { type EchoHandlers, echoDefinition } from "../../gen/echo_grpc.ts";
import { cleanUp, connect } from "../../support/echo.ts";

const handlers: Partial<EchoHandlers> = { unary: async () => ({ text: "secret" }) };

/** Rotation that looks often and ends with the test. */
export function rotation(onError: (error: Error) => void = () => {}): RotationOptions {
  const controller = new AbortController();
  cleanUp(() => controller.abort());
  return { refreshMs: 20, signal: controller.signal, onError };
}

/** Both kinds of server, listening with these credentials until the test is over. */
export const tlsServers = {
  GrpcServer: async (credentials: grpc.ServerCredentials) => {
    const server = new GrpcServer({ services: [implement(echoDefinition, handlers)] });
    cleanUp(() => server.stop(0));
    return await server.listen("127.0.0.1:0", credentials);
  },
  "grpc.Server": async (credentials: grpc.ServerCredentials) => {
    const server = new grpc.Server();
    server.addService(echoDefinition, toImplementation(implement(echoDefinition, handlers)));
    cleanUp(() => server.forceShutdown());
    return await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  },
};

/** The port of a server with these files. */
export async function startTls(files: ServerTlsFiles, options = rotation()): Promise<number> {
  return await tlsServers.GrpcServer(await rotatingServerCredentials(files, options));
}

/** What a call over a new connection brings back. */
export async function callOver(port: number, files: ChannelTlsFiles): Promise<string> {
  const credentials = await rotatingChannelCredentials(files, rotation());
  return (await connect(`localhost:${port}`, { credentials }).unary({}, { timeoutMs: 30_000 }))
    .text;
}

/** Common name of the certificate that a new connection is shown. */
export async function shown(port: number): Promise<string> {
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await new Promise((resolve, reject) =>
    socket.once("secureConnect", resolve).once("error", reject),
  );
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

export async function untilShown(port: number, commonName: string): Promise<void> {
  while ((await shown(port)) !== commonName);
}
