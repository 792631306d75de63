import { callerKey } from "grpc-service/interceptors";
import type { Dependencies } from "../../dependencies.ts";
import type { LLMServiceHandlers } from "../../gen/llm_grpc.ts";
import { readPrompt } from "../../generation/read-prompt.ts";
import { wholeCharacters } from "../../model/whole-characters.ts";

/** Sends each token when the model has made it. A call that ends early stops the model and frees its slot. */
export function generate({
  model,
  slots,
  generations,
}: Dependencies): LLMServiceHandlers["generate"] {
  return async function* (request, context) {
    const calledMs = performance.now();
    const prompt = readPrompt(request);
    const leave = await slots.take(callerKey(context), context.signal);
    try {
      const tokens = wholeCharacters(model.generate(prompt, context.signal));
      for await (const token of generations.measure(tokens, calledMs)) yield { token };
    } finally {
      leave();
    }
    yield { isFinished: true };
  };
}
