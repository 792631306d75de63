import type { ClientStream } from "../grpc-js-internals/client-stream.ts";
import { type ResponseBytes, takeResponseBytes } from "../grpc-js-internals/response-bytes.ts";
import { MessageFrames } from "../message-frames.ts";

/**
 * The responses of a call as they arrive, without grpc-js between the HTTP/2 stream and the call. While
 * there are any that were not taken, nothing is read: so backpressure reaches the server, and the status
 * follows all responses.
 */
export class DirectResponses {
  readonly #frames = new MessageFrames();
  /** Undefined when grpc-js reads the responses. */
  #bytes: ResponseBytes | undefined;
  #onArrived: (() => void) | undefined;
  #isPaused = false;

  /**
   * @param found the stream of a call whose response headers have just arrived
   * @param onArrived called when there is something to take
   */
  constructor(found: ClientStream, onArrived: () => void) {
    this.#onArrived = onArrived;
    this.#bytes = takeResponseBytes(found, (bytes) => this.#add(bytes));
  }

  /**
   * Whether the next response will be here. If not, it comes from grpc-js: what is compressed, too large
   * or malformed is left to it, and all that follows.
   */
  get isNext(): boolean {
    return this.#bytes !== undefined;
  }

  /** Whether a part of a response has arrived, after those that were taken. */
  get isCutOff(): boolean {
    return this.#frames.size > 0;
  }

  /** The next response, or undefined until it has arrived. */
  take(): Buffer | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) return undefined;
    if (this.#frames.hasPrefix()) {
      if (!this.#isPlain(bytes)) {
        this.#bytes = undefined;
        bytes.giveBack(this.#frames.takeRest());
        return undefined;
      }
      const message = this.#frames.takeMessage();
      if (message !== undefined) {
        bytes.countMessage();
        return message;
      }
    }
    if (this.#isPaused) {
      this.#isPaused = false;
      bytes.resume();
    }
    return undefined;
  }

  /** To be called when the call is over: responses that were not taken are dropped. */
  stop(): void {
    this.#onArrived = undefined;
    this.#frames.clear();
  }

  #add(bytes: Buffer): void {
    if (this.#onArrived === undefined) return;
    this.#frames.add(bytes);
    if (this.#hasNext()) this.#onArrived();
    if (this.#isPaused || !this.#hasNext()) return;
    this.#isPaused = true;
    this.#bytes?.pause();
  }

  #hasNext(): boolean {
    const bytes = this.#bytes;
    if (bytes === undefined || !this.#frames.hasPrefix()) return false;
    return !this.#isPlain(bytes) || this.#frames.isComplete();
  }

  /** Whether the next response is not compressed and of legal size. */
  #isPlain({ maxMessageBytes }: ResponseBytes): boolean {
    const { flag, length } = this.#frames;
    return flag === 0 && length >= 0 && (maxMessageBytes === -1 || length <= maxMessageBytes);
  }
}
