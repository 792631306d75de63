import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { ChatServiceClient } from "../gen/chat_client.ts";
import { chatServiceDefinition } from "../gen/chat_grpc.ts";
import { demonstrate } from "./demo.ts";

await runClient([chatServiceDefinition], loadClientConfig, async ({ channel, options }) => {
  const chat = new ChatServiceClient(channel, options);
  await demonstrate(chat, console.log, `demo-${Date.now().toString(36)}`);
});
