import { bearer } from "grpc-service/client";
import { signToken } from "grpc-service/interceptors/auth";
import type { TestApp } from "grpc-service/testing";
import type { Config } from "../src/config.ts";
import type { Dependencies } from "../src/dependencies.ts";
import { ChatServiceClient } from "../src/gen/chat_client.ts";
import { ChatEvent, type ChatMessage } from "../src/gen/chat_pb.ts";

/** A client whose calls have a token of this subject. */
export async function clientOf(
  app: Pick<TestApp<Config, Dependencies>, "channel" | "config">,
  subject: string,
): Promise<ChatServiceClient> {
  const token = await signToken(app.config.auth, subject);
  return new ChatServiceClient(app.channel, { interceptors: [bearer(() => token)] });
}

/** One call of `Chat`, with both directions in the hand of a test. */
export class ChatCaller {
  readonly #outgoing: { content: string; sender?: string; id?: string }[] = [];
  readonly #incoming: AsyncIterator<ChatMessage>;
  readonly #call = new AbortController();
  #closed = false;
  #wake = (): void => {};

  constructor(client: ChatServiceClient, metadata: Record<string, string> = {}) {
    const call = client.chat(this.#requests(), { metadata, signal: this.#call.signal });
    this.#incoming = call[Symbol.asyncIterator]();
  }

  say(...contents: string[]): void {
    this.send(...contents.map((content) => ({ content })));
  }

  send(...messages: { content: string; sender?: string; id?: string }[]): void {
    this.#outgoing.push(...messages);
    this.#wake();
  }

  halfClose(): void {
    this.#closed = true;
    this.#wake();
  }

  cancel(): void {
    this.#call.abort();
  }

  /** The next message. @throws GrpcError with which the call has ended, Error if that is OK */
  async next(): Promise<ChatMessage> {
    const { done, value } = await this.#incoming.next();
    if (done === true) throw new Error("the call has ended");
    return value;
  }

  /** The next messages, as texts. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) texts.push(textOf(await this.next()));
    return texts;
  }

  /** All messages until the call has ended, as texts. @throws GrpcError with which it ends */
  async rest(): Promise<string[]> {
    const texts: string[] = [];
    for (;;) {
      const { done, value } = await this.#incoming.next();
      if (done === true) return texts;
      texts.push(textOf(value));
    }
  }

  async *#requests() {
    for (;;) {
      yield* this.#outgoing.splice(0);
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#outgoing.length > 0 || this.#closed) resolve();
      });
    }
  }
}

/** `ada: hello` for a message, `* ada has joined` for an event. */
export function textOf({ event, sender, content }: ChatMessage): string {
  return event === ChatEvent.MESSAGE ? `${sender}: ${content}` : `* ${content}`;
}
