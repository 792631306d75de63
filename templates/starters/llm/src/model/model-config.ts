import { type EnvReader, readEnvironmentName } from "grpc-service/config";
import type { ModelEndpoint } from "./http-model.ts";

/** Which model answers. */
export interface ModelConfig {
  /** Undefined: the local model. */
  readonly endpoint: ModelEndpoint | undefined;
  /** Speed of each generation of the local model. */
  readonly tokensPerSecond: number;
}

/** Reads MODEL_URL, which production needs unless LOCAL_MODEL=on, and all other settings of the model. */
export function readModelConfig(env: EnvReader): ModelConfig {
  const environment = readEnvironmentName(env);
  env.section("Model");
  const endpoint = readEndpoint(env);
  const local =
    env.onOff(
      "LOCAL_MODEL",
      "Without MODEL_URL, answers with text that the server makes up. Default: on, except in production, which then refuses to start.",
      undefined,
    ) ?? environment !== "production";
  if (endpoint === undefined && !local) {
    env.reject("MODEL_URL", "must be set; or LOCAL_MODEL=on, to answer with made-up text");
  }
  const tokensPerSecond = env.integer(
    "LOCAL_MODEL_TOKENS_PER_SECOND",
    "Speed of each generation of the local model.",
    50,
    { min: 1, max: 100_000 },
  );
  return { endpoint, tokensPerSecond };
}

function readEndpoint(env: EnvReader): ModelEndpoint | undefined {
  const url = env.url(
    "MODEL_URL",
    "Base of an API in the way of OpenAI, such as http://127.0.0.1:11434/v1 (Ollama). Default: the local model.",
    ["http:", "https:"],
  );
  const name = env.text("MODEL_NAME", "Name of the model there. Must be set with MODEL_URL.", "");
  const apiKey = env.text("MODEL_API_KEY", "Secret key for MODEL_URL, if it needs one.", undefined);
  const timeoutMs = env.integer(
    "MODEL_TIMEOUT_MS",
    "Longest silence of MODEL_URL, before the first token and between two.",
    30_000,
    { min: 1, max: 600_000 },
  );
  if (url === undefined) return undefined;
  if (name === "") env.reject("MODEL_NAME", "must be set with MODEL_URL");
  if (url.username !== "" || url.password !== "") {
    env.reject("MODEL_URL", "must have no user and no password; use MODEL_API_KEY");
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    env.reject("MODEL_API_KEY", "must be ASCII without spaces");
  }
  return { url, name, apiKey, timeoutMs };
}
