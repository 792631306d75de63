import { maxTimeoutMs } from "../deadline.ts";
import { isUnexpected } from "../error.ts";
import { pump } from "../pump.ts";
import type { WireStatus } from "../status.ts";
import { deadlineExceeded, Execution } from "./execution.ts";
import { encodeResponse, iterableOf } from "./handler-answer.ts";

/** The two ways to answer a call, for the four kinds to choose from: one response, or a stream. */
export abstract class Answering extends Execution {
  #reply: unknown;

  /** Makes the only response of what the handler answered. */
  protected keepReply(answer: unknown): Promise<void> | undefined {
    const reply = encodeResponse(this.plan, this.call, answer);
    if (!(reply instanceof Promise)) {
      this.#reply = reply;
      return undefined;
    }
    return reply.then((encoded) => {
      this.#reply = encoded;
    });
  }

  /** Sends the only response, with the status in one go. */
  protected sendReply(status: WireStatus): void {
    this.sendHeader();
    this.transport.reply(this.#reply, status);
  }

  /** Sends what a streaming handler yields. */
  protected async sendAll(responses: unknown): Promise<void> {
    const source = iterableOf(this.plan, responses);
    const timer = this.#watchDeadline();
    try {
      await pump(
        source,
        (init) => this.#sendOne(init),
        this.call,
        (error) => {
          if (isUnexpected(error)) this.report(error);
        },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** grpc-js puts its status behind the messages: a caller that takes none would hold the handler. */
  #watchDeadline(): NodeJS.Timeout | undefined {
    const { deadline } = this.transport;
    if (deadline === undefined) return undefined;
    const remainingMs = deadline.getTime() - Date.now();
    if (remainingMs > maxTimeoutMs) return undefined;
    return setTimeout(() => this.end(deadlineExceeded()), remainingMs);
  }

  #sendOne(init: unknown): Promise<void> | undefined {
    const response = encodeResponse(this.plan, this.call, init);
    if (response instanceof Promise) return response.then((last) => this.#transmit(last));
    return this.#transmit(response);
  }

  #transmit(response: unknown): Promise<void> | undefined {
    if (this.ended) return undefined;
    this.sendHeader();
    return this.transport.send(response);
  }

  /** Everything has been sent. */
  protected endStream(status: WireStatus): void {
    this.sendHeader();
    this.transport.end(status);
  }
}
