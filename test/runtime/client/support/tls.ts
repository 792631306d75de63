import { connect as connectTls } from "node:tls";
import type { ServerCredentials } from "@grpc/grpc-js";
import {
  type ChannelTlsFiles,
  type RotationOptions,
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
} from "../../../../runtime/src/tls/index.ts";
import type { EchoHandlers } from "../../gen/echo_grpc.ts";
import { cleanUp, connect } from "../../support/echo.ts";
import { type Kind, own } from "../../support/kinds.ts";

const handlers: Partial<EchoHandlers> = { unary: async () => ({ text: "secret" }) };

/** Rotation that looks often and ends with the test. */
export function rotation(onError: (error: Error) => void = () => {}): RotationOptions {
  const controller = new AbortController();
  cleanUp(() => controller.abort());
  return { refreshMs: 20, signal: controller.signal, onError };
}

/** The port of a server of this kind with these credentials. */
export function listenWith(kind: Kind, credentials: ServerCredentials): Promise<number> {
  return kind.listen(handlers, {}, credentials);
}

/** The port of a server with these files. */
export async function startTls(files: ServerTlsFiles, options = rotation()): Promise<number> {
  return await listenWith(own, await rotatingServerCredentials(files, options));
}

/** Text of the response to a call over a new connection. */
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
