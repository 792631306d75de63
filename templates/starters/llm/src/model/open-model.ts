import type { Resource } from "grpc-service/app";
import type { Environment } from "grpc-service/config";
import type { Logger } from "pino";
import { HttpModel } from "./http-model.ts";
import { LocalModel } from "./local-model.ts";
import type { Model } from "./model.ts";
import type { ModelConfig } from "./model-config.ts";

/** What `openModel` needs of the settings. */
export interface OpenModelConfig {
  readonly environment: Environment;
  readonly model: ModelConfig;
}

/** The model of MODEL_URL. Without one the local model, and the log says so. */
export function openModel({ environment, model }: OpenModelConfig, logger: Logger): Model {
  if (model.endpoint !== undefined) return new HttpModel(model.endpoint);
  const text = "MODEL_URL is not set: the local model answers, with text that it makes up";
  if (environment === "production") logger.warn(text);
  else if (environment === "development") logger.info(text);
  return new LocalModel(model.tokensPerSecond);
}

/** For health checks and the doctor: whether the model works. */
export function modelResource(model: Model): Resource {
  return { check: (signal) => model.check(signal), close: async () => {} };
}
