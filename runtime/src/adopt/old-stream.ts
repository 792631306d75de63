import { Duplex, type PassThrough } from "node:stream";
import type { Message } from "@bufbuild/protobuf";
import type { CallContext } from "../call.ts";
import { GrpcError } from "../error.ts";
import type { OldMethod } from "./old-method.ts";
import { addTrailers, oldError } from "./old-status.ts";

/** What a stream of grpc-js is made of. */
export interface OldStreamParts {
  readonly method: OldMethod;
  readonly context: CallContext;
  /** What the handler reads; undefined if it gets one request. */
  readonly requests: AsyncIterable<Message> | undefined;
  /** Takes what the handler writes; undefined if it has a callback for one response. */
  readonly responses: PassThrough | undefined;
  /** Ends the call with an error, after what was written before. */
  readonly fail: (error: unknown) => void;
}

/**
 * The call of a handler of grpc-js that streams. When the caller has left, it is destroyed without `end`:
 * a handler must not take what has arrived for everything.
 */
export class OldStream extends Duplex {
  readonly #parts: OldStreamParts;
  readonly #requests: AsyncIterator<Message> | undefined;
  readonly #responses: PassThrough | undefined;

  constructor(parts: OldStreamParts) {
    const { requests, responses, fail } = parts;
    super({ objectMode: true });
    if (requests === undefined) this.push(null);
    this.#parts = parts;
    this.#requests = requests?.[Symbol.asyncIterator]();
    this.#responses = responses;
    // A handler ends its call by emitting it. Without a listener it would end the process.
    this.on("error", (error) => fail(oldError(error)));
  }

  override async _read(): Promise<void> {
    try {
      const { done, value } = (await this.#requests?.next()) ?? { done: true, value: undefined };
      this.push(done ? null : this.#parts.method.request(value));
    } catch (error) {
      // Not as an event: most handlers of grpc-js have no listener, since it emits none.
      this.#parts.fail(error);
      this.destroy();
    }
  }

  override _write(value: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    this.#responses?.write(value, done);
  }

  override _final(done: () => void): void {
    this.#responses?.end(done);
  }

  /** @param trailers in grpc-js, they stand in place of a last message */
  override end(trailers?: unknown): this {
    addTrailers(this.#parts.context, trailers);
    return super.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#requests?.return?.();
    if (this.#responses !== undefined && !this.writableFinished) {
      this.#parts.fail(error ?? new GrpcError("CANCELLED", "the handler has destroyed its call"));
    }
    done(error);
  }
}
