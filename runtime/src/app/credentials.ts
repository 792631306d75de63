import { ServerCredentials } from "@grpc/grpc-js";
import type { ServerTlsConfig } from "../config/tls.ts";
import type { Logger } from "../logger/logger.ts";
import type { RotationOptions } from "../tls/rotating-certificates.ts";
import { rotatingServerCredentials } from "../tls/rotating-credentials.ts";

/** Options of `serverCredentials`. */
interface CredentialsOptions extends Pick<RotationOptions, "refreshMs"> {
  readonly logger: Logger;
  /** Ends the watch on the files. */
  readonly signal: AbortSignal;
}

/**
 * Credentials of a server: plain text without TLS files. With them, new connections use renewed files.
 * While renewed files cannot be used, the old ones stay in use and the log has one line.
 *
 * @throws Error in one line when a file cannot be read, has expired, or key and certificate do not match.
 */
export async function serverCredentials(
  tls: ServerTlsConfig | undefined,
  { logger, ...rotation }: CredentialsOptions,
): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return await rotatingServerCredentials(tls, {
    ...rotation,
    onError: (error) => logger.error({ err: error }, "the renewed TLS files cannot be used"),
  });
}
