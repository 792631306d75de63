import type { ServerDuplexStream, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import type { WireStatus } from "../status.ts";

/** Where the responses of grpc-js' own call objects go to. */
export interface NativeResponses {
  send(response: unknown): Promise<void> | undefined;
  end(status: WireStatus): void;
  /** The call is over: whoever waits to send need not. */
  over(): void;
}

/** The callback of a unary or client streaming call, which takes response and status at once. */
export class OneNativeResponse implements NativeResponses {
  readonly #callback: sendUnaryData<unknown>;
  #response: unknown;

  constructor(callback: sendUnaryData<unknown>) {
    this.#callback = callback;
  }

  send(response: unknown): undefined {
    this.#response = response;
  }

  end({ code, details, metadata }: WireStatus): void {
    if (code === 0) this.#callback(null, this.#response, metadata);
    else this.#callback({ code, details }, null, metadata);
  }

  over(): void {}
}

type NativeStream = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** The writable side of a server streaming or bidirectional call. */
export class NativeResponseStream implements NativeResponses {
  readonly #stream: NativeStream;
  #room: (() => void) | undefined;

  constructor(stream: NativeStream) {
    this.#stream = stream;
    stream.on("drain", () => this.over());
  }

  send(response: unknown): Promise<void> | undefined {
    if (this.#stream.write(response)) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  end(status: WireStatus): void {
    if (status.code === 0) this.#stream.end(status.metadata);
    else this.#stream.emit("error", status);
  }

  over(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }
}
