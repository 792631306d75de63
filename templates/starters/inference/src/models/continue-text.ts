import { setTimeout as delay } from "node:timers/promises";

/** Time for a token, as a model would need it. */
const tokenMs = 10;

/**
 * A toy in the place of your model: says the words of the prompt again and again. It stops at once when the signal
 * aborts.
 */
export async function* continueText(
  prompt: string,
  maxTokens: number,
  signal: AbortSignal,
): AsyncIterable<string> {
  const words = prompt.trim().split(/\s+/);
  for (let count = 0; count < maxTokens; count += 1) {
    await delay(tokenMs, undefined, { signal });
    yield `${count === 0 ? "" : " "}${words[count % words.length]}`;
  }
}
