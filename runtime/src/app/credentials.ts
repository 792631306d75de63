import { ServerCredentials } from "@grpc/grpc-js";
import type { ServerTlsConfig } from "../config/tls.ts";
import type { Logger } from "../logger/logger.ts";
import { rotatingServerCredentials } from "../tls/rotating-credentials.ts";

/**
 * Credentials of a server: plain text without TLS files. With them, new connections use renewed files.
 * While renewed files cannot be used, the old ones stay in use and the log has one line.
 *
 * @param signal ends the watch on the files
 * @throws Error in one line when a file cannot be read, has expired, or key and certificate do not match.
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
