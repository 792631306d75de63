/** What a model is to continue. */
export interface Prompt {
  readonly text: string;
  /** Most tokens to generate. */
  readonly maxTokens: number;
}

/** A language model. `local-model.ts` and `http-model.ts` are two; yours can be a third. */
export interface Model {
  /**
   * Generates tokens, one after the other, as fast as they are asked for. It has to stop at once when `signal`
   * aborts, and when it is closed (`return`): a call keeps its slot until then. A token may end in the middle
   * of a surrogate pair.
   *
   * @throws GrpcError with the status for the caller; the reason of the signal
   */
  generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<string>;
  /** Rejects while the model does not work. Health checks call it every few seconds. */
  check(signal: AbortSignal): Promise<void>;
}
