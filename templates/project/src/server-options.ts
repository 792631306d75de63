import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { ServerTlsConfig } from "./config/tls.ts";
import type { Limits } from "./config.ts";

/** Options of grpc-js that hold for every connection. */
export function serverOptions(limits: Limits): ServerOptions {
  return {
    "grpc.max_receive_message_length": limits.maxMessageBytes,
    "grpc.max_send_message_length": limits.maxMessageBytes,
    "grpc.max_concurrent_streams": limits.maxConcurrentStreams,
    // A client that vanished without a word is noticed, and its calls are cancelled, after 80 s.
    "grpc.keepalive_time_ms": 60_000,
    "grpc.keepalive_timeout_ms": 20_000,
  };
}

/** @throws Error in one line when a file cannot be read or the key is not the certificate's. */
export async function serverCredentials(
  tls: ServerTlsConfig | undefined,
): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const [cert, key, clientCa] = await Promise.all([
    readPem(tls.cert),
    readPem(tls.key),
    tls.clientCa === undefined ? null : readPem(tls.clientCa),
  ]);
  try {
    createSecureContext({ cert, key, ...(clientCa && { ca: clientCa }) });
  } catch (cause) {
    throw new Error(`cannot use ${tls.cert} with ${tls.key}: ${messageOf(cause)}`, { cause });
  }
  const keyPair = { cert_chain: cert, private_key: key };
  return ServerCredentials.createSsl(clientCa, [keyPair], clientCa !== null);
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`cannot read the TLS file ${path}: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
