import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { InferenceServiceClient } from "../gen/inference_client.ts";
import { inferenceServiceDefinition } from "../gen/inference_grpc.ts";
import { demonstrate } from "./demo.ts";

await runClient([inferenceServiceDefinition], loadClientConfig, async ({ channel, options }) => {
  const inference = new InferenceServiceClient(channel, options);
  await demonstrate(inference, (text) => process.stdout.write(text));
});
