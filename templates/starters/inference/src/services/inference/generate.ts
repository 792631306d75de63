import { requireValid } from "grpc-service/error-details";
import { callerKey } from "grpc-service/interceptors";
import type { Dependencies } from "../../dependencies.ts";
import type { InferenceServiceHandlers } from "../../gen/inference_grpc.ts";
import { continueText } from "../../models/continue-text.ts";
import { readText } from "../../models/read-text.ts";

const defaultTokens = 20;
const maxTokenCount = 1_000;

/** Sends each token when it is made. A call that ends early stops the model and frees its slot. */
export function generate({ slots }: Dependencies): InferenceServiceHandlers["generate"] {
  return async function* ({ prompt, maxTokens }, context) {
    readText("prompt", prompt);
    requireValid({
      max_tokens:
        (maxTokens >= 0 && maxTokens <= maxTokenCount) ||
        `must be from 0 to ${maxTokenCount}, not ${maxTokens}`,
    });
    const leave = await slots.take(callerKey(context), context.signal);
    try {
      const tokens = continueText(prompt, maxTokens || defaultTokens, context.signal);
      for await (const token of tokens) yield { token };
    } finally {
      leave();
    }
    yield { isFinished: true };
  };
}
