import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { UserServiceClient } from "../gen/user_client.ts";
import { userServiceDefinition } from "../gen/user_grpc.ts";
import { demonstrate } from "./demo.ts";

await runClient([userServiceDefinition], loadClientConfig, async ({ channel, options }) => {
  const users = new UserServiceClient(channel, options);
  await demonstrate(users, console.log, Date.now().toString(36));
});
