import type { Model, Prompt } from "../../../src/model/model.ts";

/** A model that says a word each time it is told to. */
export class ScriptedModel implements Model {
  /** Generations that have begun and not ended. */
  running = 0;
  /** The prompts, in the order in which they came. */
  readonly prompts: Prompt[] = [];
  #waiting: (() => void)[] = [];
  #ready = 0;

  /** Lets as many tokens be said, by whoever asks first. */
  release(tokens: number): void {
    this.#ready += tokens;
    while (this.#ready > 0 && this.#waiting.length > 0) {
      this.#ready -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Generations that wait to be told. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async *generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<string> {
    this.prompts.push(prompt);
    this.running += 1;
    try {
      for (let count = 1; count <= prompt.maxTokens; count += 1) {
        await this.#told(signal);
        yield `${count} `;
      }
    } finally {
      this.running -= 1;
    }
  }

  async check(): Promise<void> {}

  #told(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#ready > 0) {
      this.#ready -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== resolve);
        reject(signal.reason);
      });
    });
  }
}
