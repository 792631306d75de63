import { callerKey } from "grpc-service/interceptors";
import type { Dependencies } from "../../dependencies.ts";
import type { InferenceServiceHandlers } from "../../gen/inference_grpc.ts";
import { predict } from "../../models/bag-of-words.ts";
import { readText } from "../../models/read-text.ts";

/** Classifies one text. */
export function classify({ models, slots }: Dependencies): InferenceServiceHandlers["classify"] {
  return async (request, context) => {
    const text = readText("text", request.text);
    const leave = await slots.take(callerKey(context), context.signal);
    try {
      const { weights, version } = models.model;
      const [labels = []] = predict(weights, [text]);
      return { labels: [...labels], modelVersion: version };
    } finally {
      leave();
    }
  };
}
