import { onTestFinished } from "vitest";
import { InferenceServiceClient } from "../../../src/gen/inference_client.ts";
import { startApp } from "../../start-app.ts";

/** A running app that stops after the test, and clients with and without a token. */
export async function startInference(variables: Record<string, string> = {}) {
  const app = await startApp({ variables });
  onTestFinished(() => app.close());
  return {
    ...app.dependencies,
    client: app.client(InferenceServiceClient),
    anonymous: app.client(InferenceServiceClient, app.anonymous),
  };
}
