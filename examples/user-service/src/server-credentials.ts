import { ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { ServerTlsConfig } from "./config/tls.ts";
import { rotatingServerCredentials } from "./gen/runtime/index.ts";

/**
 * Plain text without TLS files. With them, renewed files are for all connections from then on; while
 * they cannot be used, the log says so and the old ones stay.
 *
 * @throws Error in one line when a file cannot be read, has expired, or the key is not the
 *   certificate's.
 */
export async function serverCredentials(
  tls: ServerTlsConfig | undefined,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return await rotatingServerCredentials(tls, {
    signal,
    onError: (error) => logger.error({ err: error }, "the renewed TLS files cannot be used"),
  });
}
