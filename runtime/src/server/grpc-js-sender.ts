import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { noHeaders } from "../grpc-js-internals/response-metadata.ts";
import type { WireStatus } from "../status.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import { SendWindow } from "./send-window.ts";

/** Sends responses by the call below, which encodes them if native interceptors see them. */
export class GrpcJsSender {
  readonly #below: ServerInterceptingCallInterface;
  readonly #isPipelined: boolean;
  /** Undefined until a stream sends a response. */
  #window: SendWindow | undefined;

  /** @param isPipelined whether messages and status may be sent without waiting for callbacks */
  constructor(below: ServerInterceptingCallInterface, isPipelined: boolean) {
    this.#below = below;
    this.#isPipelined = isPipelined;
  }

  sendHeader(header: ResponseHeaders | undefined): void {
    this.#below.sendMetadata(header?.toMetadata() ?? noHeaders);
  }

  send(response: unknown): Promise<void> | undefined {
    this.#window ??= new SendWindow(this.#isPipelined);
    const window = this.#window;
    const bytes = Buffer.isBuffer(response) ? response.length : 0;
    const room = window.add(bytes);
    this.#below.sendMessage(response, () => window.remove(bytes));
    return room;
  }

  reply(response: unknown, status: WireStatus): void {
    if (this.#isPipelined) {
      this.#below.sendMessage(response, ignore);
      this.#below.sendStatus(status);
    } else {
      this.#below.sendMessage(response, () => this.#below.sendStatus(status));
    }
  }

  end(status: WireStatus): void {
    const send = () => this.#below.sendStatus(status);
    if (this.#window === undefined) send();
    else this.#window.close(send);
  }

  stop(): void {
    this.#window?.open();
  }
}

function ignore(): void {}
