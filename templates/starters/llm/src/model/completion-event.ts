/** One event of a streamed chat completion. */
export interface CompletionEvent {
  /** "" in an event without text, such as the one that counts tokens. */
  readonly text: string;
  /** Why the model has stopped, such as `stop` or `length`. Undefined: it has not. */
  readonly finishReason: string | undefined;
}

/**
 * Reads the data of an event, the `chat.completion.chunk` of OpenAI. Fields that are not used may have any value.
 *
 * @throws CompletionError for an error that the model reports; TypeError for any other data
 */
export function readCompletionEvent(data: string): CompletionEvent {
  const event = parse(data);
  const error = field(event, "error");
  if (error !== undefined && error !== null)
    throw new CompletionError(text(error, "message") ?? "");
  const choices = field(event, "choices");
  if (!Array.isArray(choices)) throw new TypeError("an event has no choices");
  const choice: unknown = choices[0];
  return {
    text: text(field(choice, "delta"), "content") ?? "",
    finishReason: text(choice, "finish_reason"),
  };
}

/** The model has failed after it had begun. */
export class CompletionError extends Error {
  override readonly name = "CompletionError";
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new TypeError("an event is not JSON", { cause });
  }
}

function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  if (found === undefined || found === null) return undefined;
  if (typeof found !== "string") throw new TypeError(`${name} of an event is not a text`);
  return found;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
