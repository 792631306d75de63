import type { ClientConfig } from "../config/client.ts";
import { readEnvironment } from "../config/environment-variables.ts";
import type { Variables } from "../config/variables.ts";
import { GrpcError, textOf } from "../error.ts";
import type { ServiceDefinition } from "../method.ts";
import { type Connection, connect } from "./connect.ts";
import { mayCall } from "./may-call.ts";

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
    if (connection !== undefined && GrpcError.from(error).code === "UNAVAILABLE") {
      const advice = "npx grpc-service doctor finds out why";
      console.error(`no server at ${connection.address}; ${advice}`);
    }
    console.error(textOf(error));
    process.exitCode = 1;
  } finally {
    connection?.close();
  }
}
