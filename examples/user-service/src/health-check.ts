import { connect } from "./client/connect.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "./gen/runtime/health-client.ts";

/** Exits 0 when the server at SERVER_ADDRESS serves; the HEALTHCHECK of the Dockerfile. */
async function main(): Promise<void> {
  const connection = await connect([]);
  const client = new HealthClient(connection.channel);
  const { status } = await client.check({}, { timeoutMs: 2000 });
  connection.close();
  if (status !== HealthStatus.SERVING) throw new Error(`not serving, but in state ${status}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
