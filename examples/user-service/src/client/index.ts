import { GrpcError } from "../gen/runtime/index.ts";
import { UserServiceClient, userServiceDefinition } from "../gen/user_grpc.ts";
import { connect } from "./connect.ts";
import { demonstrate } from "./demo.ts";
import { mayCall } from "./may-call.ts";

async function main(): Promise<void> {
  const connection = await connect([userServiceDefinition]);
  const users = new UserServiceClient(connection.channel, connection.options);
  try {
    if (mayCall(connection)) await demonstrate(users, console.log, Date.now().toString(36));
    else process.exitCode = 1;
  } catch (error) {
    if (GrpcError.from(error).code !== "UNAVAILABLE") throw error;
    console.error(`no server answers at ${connection.address}; the script \`doctor\` says more`);
    throw error;
  } finally {
    connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
