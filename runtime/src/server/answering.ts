import type { Message } from "@bufbuild/protobuf";
import { maxTimeoutMs } from "../deadline.ts";
import { isUnexpected } from "../error.ts";
import { pump } from "../pump.ts";
import type { WireStatus } from "../status.ts";
import { deadlineExceeded, Execution } from "./execution.ts";
import type { MethodPlan } from "./method-plan.ts";

/** The two ways to answer a call, by the kind of its method: one response, or a stream. */
export abstract class Answering extends Execution {
  #reply: unknown;

  protected override take(answer: unknown): Promise<void> | undefined {
    return this.plan.method.responseStream ? this.#sendAll(answer) : this.#keepReply(answer);
  }

  protected override conclude(status: WireStatus): void {
    this.sendHeader();
    if (this.plan.method.responseStream) this.transport.end(status);
    // The only response, with the status in one go.
    else this.transport.reply(this.#reply, status);
  }

  /** Makes the only response of what the handler answered. */
  #keepReply(answer: unknown): Promise<void> | undefined {
    const reply = this.#encode(answer);
    if (!(reply instanceof Promise)) {
      this.#reply = reply;
      return undefined;
    }
    return reply.then((encoded) => {
      this.#reply = encoded;
    });
  }

  /** Sends what a streaming handler yields. */
  async #sendAll(responses: unknown): Promise<void> {
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
    const response = this.#encode(init);
    if (response instanceof Promise) return response.then((last) => this.#transmit(last));
    return this.#transmit(response);
  }

  #transmit(response: unknown): Promise<void> | undefined {
    if (this.ended) return undefined;
    this.sendHeader();
    return this.transport.send(response);
  }

  /**
   * Completes, hooks and encodes one response; a promise only when a hook is asynchronous.
   *
   * @param init what a handler answered or yielded
   * @throws TypeError when it is nothing like a message.
   */
  #encode(init: unknown): unknown | Promise<unknown> {
    const { plan } = this;
    if (typeof init !== "object" || init === null) throw wrongAnswer(plan, init);
    // The types of handlers have checked that it is an initializer of the response.
    const message = plan.method.response.create(init as Message);
    const hooked = this.call.runResponseHooks(message);
    return hooked instanceof Promise
      ? hooked.then((last) => plan.encode(last))
      : plan.encode(hooked);
  }
}

/**
 * The responses of a streaming handler.
 *
 * @throws TypeError when it cannot be iterated over.
 */
function iterableOf(plan: MethodPlan, answer: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  if (!isIterable(answer)) throw wrongAnswer(plan, answer);
  return answer;
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function wrongAnswer(plan: MethodPlan, answer: unknown): TypeError {
  const what = answer === null ? "null" : `a value of type ${typeof answer}`;
  return new TypeError(`handler of ${plan.method.path} answered ${what}`);
}
