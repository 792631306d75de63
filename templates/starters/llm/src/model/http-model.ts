import { GrpcError } from "grpc-service";
import { CompletionError, readCompletionEvent } from "./completion-event.ts";
import { httpRefusal } from "./http-refusal.ts";
import type { Model, Prompt } from "./model.ts";
import { ModelRequest } from "./model-request.ts";
import { serverSentEvents } from "./server-sent-events.ts";

/** Where a model is served in the way of OpenAI. */
export interface ModelEndpoint {
  /** Base of its API, such as https://api.openai.com/v1. */
  readonly url: URL;
  /** Name of the model there. */
  readonly name: string;
  /** Undefined: none is needed. */
  readonly apiKey: string | undefined;
  /** Longest silence, in milliseconds: before the first token and between two. */
  readonly timeoutMs: number;
}

/** Most characters that are read of a refusal. */
const maxRefusalLength = 8_192;

/** A model behind an HTTP API in the way of OpenAI: hosted ones, Ollama, vLLM, llama.cpp. */
export class HttpModel implements Model {
  readonly #endpoint: ModelEndpoint;

  constructor(endpoint: ModelEndpoint) {
    this.#endpoint = endpoint;
  }

  async *generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<string> {
    const request = new ModelRequest(signal, this.#endpoint.timeoutMs);
    try {
      const response = await request.send(this.#path("chat/completions"), {
        method: "POST",
        headers: this.#headers("text/event-stream"),
        body: JSON.stringify({
          model: this.#endpoint.name,
          messages: [{ role: "user", content: prompt.text }],
          max_tokens: prompt.maxTokens,
          stream: true,
        }),
      });
      if (!response.ok) throw httpRefusal(response, await beginning(request.chunks()));
      if (!/^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) {
        throw new Error("the model answered without a stream of events, check MODEL_URL");
      }
      yield* tokensOf(request, prompt.maxTokens);
      await request.finish();
    } finally {
      request.close();
    }
  }

  /** Any answer but an error of the server, or a refusal of the key, is good. */
  async check(signal: AbortSignal): Promise<void> {
    const request = new ModelRequest(signal, this.#endpoint.timeoutMs);
    try {
      const init = { headers: this.#headers("application/json") };
      const response = await request.send(this.#path("models"), init);
      const { status } = response;
      if (status >= 500 || status === 401 || status === 403) throw httpRefusal(response, "");
    } finally {
      request.close();
    }
  }

  #path(path: string): URL {
    const url = new URL(this.#endpoint.url);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
    return url;
  }

  #headers(accept: string): Record<string, string> {
    const { apiKey } = this.#endpoint;
    const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    return { accept, "content-type": "application/json", ...authorization };
  }
}

/** The texts of the events, up to the last one. No more than were asked for, whatever the model sends. */
async function* tokensOf(request: ModelRequest, maxTokens: number): AsyncIterable<string> {
  let count = 0;
  let isFinished = false;
  try {
    for await (const data of serverSentEvents(request.chunks())) {
      if (data === "[DONE]") return;
      const { text, finishReason } = readCompletionEvent(data);
      isFinished ||= finishReason !== undefined;
      if (text === "") continue;
      yield text;
      count += 1;
      if (count === maxTokens) return;
    }
  } catch (cause) {
    if (!(cause instanceof CompletionError)) throw cause;
    throw new GrpcError("UNAVAILABLE", "the model has failed", { cause });
  }
  if (!isFinished) throw new GrpcError("UNAVAILABLE", "the model stopped before its end");
}

async function beginning(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= maxRefusalLength) break;
  }
  return text.slice(0, maxRefusalLength);
}
