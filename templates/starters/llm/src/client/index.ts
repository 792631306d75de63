import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { LLMServiceClient } from "../gen/llm_client.ts";
import { llmServiceDefinition } from "../gen/llm_grpc.ts";
import { demonstrate } from "./demo.ts";

await runClient([llmServiceDefinition], loadClientConfig, async ({ channel, options }) => {
  const llm = new LLMServiceClient(channel, options);
  await demonstrate(llm, (text) => process.stdout.write(text));
});
