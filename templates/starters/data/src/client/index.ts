import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { DataServiceClient } from "../gen/data_client.ts";
import { dataServiceDefinition } from "../gen/data_grpc.ts";
import { demonstrate } from "./demo.ts";

await runClient([dataServiceDefinition], loadClientConfig, async ({ channel, options }) => {
  await demonstrate(new DataServiceClient(channel, options), console.log, new Date());
});
