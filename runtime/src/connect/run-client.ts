import type { ClientConfig } from "../config/client.ts";
import { readEnvironment } from "../config/environment-variables.ts";
import type { Variables } from "../config/variables.ts";
import { GrpcError, textOf } from "../error.ts";
import type { ServiceDefinition } from "../method.ts";
import { type Connection, connect } from "./connect.ts";
import { mayCall } from "./may-call.ts";
import { unreachable } from "./unreachable.ts";

/**
 * The main function of a demo client: reads the settings, connects, does `work` and closes the connection. A
 * failure is printed, and the process then exits with 1. If the server is on another machine, nothing is
 * called without `--anywhere`, see `mayCall`.
 *
 * @param services the services to call
 * @param loadConfig reads the settings of the client from environment variables and `.env`
 * @param work its error is printed
 *
 * @example
 * ```ts
 * await runClient([userServiceDefinition], loadClientConfig, async ({ channel, options }) => {
 *   const users = new UserServiceClient(channel, options);
 *   console.log(await users.getUser({ id: 1 }));
 * });
 * ```
 */
export async function runClient(
  services: readonly ServiceDefinition[],
  loadConfig: (variables: Variables) => ClientConfig,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  let connection: Connection | undefined;
  try {
    connection = await connect(services, loadConfig(readEnvironment()));
    if (mayCall(connection)) await work(connection);
    else process.exitCode = 1;
  } catch (error) {
    console.error(connection === undefined ? textOf(error) : failureText(error, connection));
    process.exitCode = 1;
  } finally {
    connection?.close();
  }
}

/** In one line. */
function failureText(error: unknown, { address }: Connection): string {
  const reason = unreachable(GrpcError.from(error), address);
  if (reason === undefined) return textOf(error);
  return `${reason.rawMessage}; npx grpc-service doctor finds out why`;
}
