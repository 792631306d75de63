import type { Message } from "@bufbuild/protobuf";
import { maxTimeoutMs } from "../deadline.ts";
import { isUnexpected } from "../error.ts";
import { pump } from "../pump.ts";
import type { WireStatus } from "../status.ts";
import { deadlineExceeded } from "./failure-status.ts";
import type { ExchangeAccess, ResponseSide } from "./sides.ts";

/** The response of a unary or client streaming call. It is sent together with the status. */
export class OneResponse implements ResponseSide {
  #encoded: unknown;

  take(exchange: ExchangeAccess, answer: unknown): Promise<void> | undefined {
    const encoded = encode(exchange, answer);
    if (!(encoded instanceof Promise)) {
      this.#encoded = encoded;
      return undefined;
    }
    return encoded.then((last) => {
      this.#encoded = last;
    });
  }

  complete(exchange: ExchangeAccess, status: WireStatus): void {
    exchange.sendHeader();
    const encoded = this.#encoded;
    // So that only what is sent keeps the bytes.
    this.#encoded = undefined;
    exchange.native.reply(encoded, status);
  }
}

/** The responses of a server streaming or bidirectional call, sent as the handler yields them. */
export class ManyResponses implements ResponseSide {
  async take(exchange: ExchangeAccess, answer: unknown): Promise<void> {
    if (!isIterable(answer)) throw wrongAnswer(exchange, answer);
    const timer = startDeadlineTimer(exchange);
    try {
      await pump(
        answer,
        (init) => sendOne(exchange, init),
        exchange.call,
        (error) => {
          if (isUnexpected(error)) exchange.report(error);
        },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  complete(exchange: ExchangeAccess, status: WireStatus): void {
    exchange.sendHeader();
    exchange.native.end(status);
  }
}

/**
 * Ends the call at its deadline. grpc-js does so as well, but sends its status behind the messages:
 * a caller that reads none would keep the handler running.
 */
function startDeadlineTimer(exchange: ExchangeAccess): NodeJS.Timeout | undefined {
  const { deadline, endsAtDeadline } = exchange.native;
  if (deadline === undefined || endsAtDeadline) return undefined;
  const remainingMs = deadline.getTime() - Date.now();
  if (remainingMs > maxTimeoutMs) return undefined;
  return setTimeout(() => exchange.fail(deadlineExceeded()), remainingMs);
}

function sendOne(exchange: ExchangeAccess, init: unknown): Promise<void> | undefined {
  const encoded = encode(exchange, init);
  return encoded instanceof Promise
    ? encoded.then((last) => transmit(exchange, last))
    : transmit(exchange, encoded);
}

function transmit(exchange: ExchangeAccess, encoded: unknown): Promise<void> | undefined {
  if (exchange.ended) return undefined;
  exchange.sendHeader();
  return exchange.native.send(encoded);
}

/**
 * Runs the hooks on one response and encodes it; a promise only if a hook is asynchronous.
 *
 * @param init what the handler returned or yielded
 * @throws TypeError when it is not a message.
 */
function encode(exchange: ExchangeAccess, init: unknown): unknown | Promise<unknown> {
  const { plan, call } = exchange;
  if (typeof init !== "object" || init === null) throw wrongAnswer(exchange, init);
  // By its type, the handler returns an initializer of the response.
  const hooked = call.outgoingResponse(init as Message, plan.method.response);
  return hooked instanceof Promise ? hooked.then((last) => plan.encode(last)) : plan.encode(hooked);
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function wrongAnswer({ plan }: ExchangeAccess, answer: unknown): TypeError {
  const what = answer === null ? "null" : `a value of type ${typeof answer}`;
  return new TypeError(`handler of ${plan.method.path} answered ${what}`);
}
