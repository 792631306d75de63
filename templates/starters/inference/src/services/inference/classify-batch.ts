import { batches } from "grpc-service/batches";
import { requireValid } from "grpc-service/error-details";
import { callerKey } from "grpc-service/interceptors";
import type { Dependencies } from "../../dependencies.ts";
import type { InferenceServiceHandlers } from "../../gen/inference_grpc.ts";
import { type Prediction, predict } from "../../models/bag-of-words.ts";
import { readText } from "../../models/read-text.ts";

/** Limits the memory that the results of one call take. */
const maxTexts = 1_000;

/** Gives the model as many texts at once as have come, up to a full batch. */
export function classifyBatch({
  models,
  inference,
  slots,
}: Dependencies): InferenceServiceHandlers["classifyBatch"] {
  return async (requests, context) => {
    const { signal } = context;
    const limits = { maxItems: inference.batchSize, maxWaitMs: inference.batchWaitMs, signal };
    const { weights, version } = models.model;
    const predictions: Prediction[] = [];
    let count = 0;
    for await (const batch of batches(requests, limits)) {
      const isFull = predictions.length + batch.length > maxTexts;
      requireValid({ text: !isFull || `a call has at most ${maxTexts} texts` });
      const texts = batch.map(({ text }) => readText("text", text));
      const leave = await slots.take(callerKey(context), signal);
      try {
        predictions.push(...predict(weights, texts));
      } finally {
        leave();
      }
      count += 1;
    }
    const results = predictions.map((labels) => ({ labels: [...labels], modelVersion: version }));
    return { results, batches: count };
  };
}
