import { UserServiceClient, userServiceDefinition } from "../gen/user_grpc.ts";
import { connect } from "./connect.ts";
import { demonstrate } from "./demo.ts";

async function main(): Promise<void> {
  const connection = await connect([userServiceDefinition]);
  const users = new UserServiceClient(connection.channel, connection.options);
  try {
    await users.waitForReady(5000).catch(() => {
      throw new Error(`no server at ${connection.address}: is one running?`);
    });
    await demonstrate(users, console.log, Date.now().toString(36));
  } finally {
    connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
