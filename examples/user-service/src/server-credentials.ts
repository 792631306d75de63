import { ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { ServerTlsConfig } from "./config/tls.ts";
import { rotatingServerCredentials } from "./gen/runtime/tls/index.ts";

/**
 * Plain text without TLS files. With them, renewed files are for all connections from then on; while
 * they cannot be used, the log says so and the old ones stay.
 *
 * @throws Error in one line when a file cannot be read, has expired, or the key is not the
 *   certificate's.
 */
export async function serverCredentials(
  tls: ServerTlsConfig | undefined,
  options: {
    logger: Logger;
    /** Ends the looking at the files. */
    signal: AbortSignal;
    /** Milliseconds between two looks at the files; 10000. */
    refreshMs?: number;
  },
): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const { logger, ...rotation } = options;
  return await rotatingServerCredentials(tls, {
    ...rotation,
    onError: (error) => logger.error({ err: error }, "the renewed TLS files cannot be used"),
  });
}
