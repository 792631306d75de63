import { GrpcError } from "grpc-service";
import { readEnvironment } from "grpc-service/config";
import { connect, mayCall } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { UserServiceClient } from "../gen/user_client.ts";
import { userServiceDefinition } from "../gen/user_grpc.ts";
import { demonstrate } from "./demo.ts";

async function main(): Promise<void> {
  const connection = await connect([userServiceDefinition], loadClientConfig(readEnvironment()));
  const users = new UserServiceClient(connection.channel, connection.options);
  try {
    if (mayCall(connection)) await demonstrate(users, console.log, Date.now().toString(36));
    else process.exitCode = 1;
  } catch (error) {
    if (GrpcError.from(error).code === "UNAVAILABLE") {
      console.error(
        `no server at ${connection.address}; run the script \`doctor\` to find out why`,
      );
    }
    throw error;
  } finally {
    connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
