#!/usr/bin/env node
import { printProblem } from "../app/print-problem.ts";
import { readClientConfig } from "../config/client.ts";
import { defineConfig } from "../config/define-config.ts";
import { readEnvironment } from "../config/environment-variables.ts";
import { connect } from "../connect/connect.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../health/client.ts";

/** Settings of the check: those of any client. Health checks need no token, so no service is named. */
const loadConfig = defineConfig((env) => readClientConfig(env, { name: "", version: "" }));

const notThisCommand = `grpc-service-health takes no arguments. The command grpc-service is in the package \
create-grpc-service: npm exec --package create-grpc-service -- grpc-service`;

/** Exits with 0 if the server at SERVER_ADDRESS (default: the port of ADDRESS) is SERVING, else with 1. */
async function main(): Promise<void> {
  // Without a project, `npx grpc-service call` installs this package and runs its only command: this one.
  if (process.argv.length > 2) throw new Error(notThisCommand);
  const connection = await connect([], loadConfig(readEnvironment()));
  try {
    const { status } = await new HealthClient(connection.channel).check({}, { timeoutMs: 2000 });
    if (status !== HealthStatus.SERVING) throw new Error(`not serving: health status ${status}`);
  } finally {
    connection.close();
  }
}

main().catch((error: unknown) => {
  printProblem(error);
  process.exitCode = 1;
});
