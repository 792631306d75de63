import type { Metadata } from "@grpc/grpc-js";
import type { WireStatus } from "../status.ts";

/** What carries one call to and from the caller: the dispatcher's or grpc-js' own call object. */
export interface ServerTransport {
  readonly peer: string;
  readonly deadline: Date | undefined;
  /** Asks for one request; the answer is one event of `ServerCallEvents`. */
  read(): void;
  /** Sends the response headers; before any message, at most once. */
  sendHeader(header: Metadata | undefined): void;
  /** Sends one response of a stream. A promise means: wait for it before the next one. It never rejects. */
  send(response: unknown): Promise<void> | undefined;
  /** Sends the only response, and ends the call. */
  reply(response: unknown, status: WireStatus): void;
  /** Ends the call. Everything sent before arrives before. */
  end(status: WireStatus): void;
}

/** What happens to a call from outside. */
export interface ServerCallEvents {
  onMessage(request: unknown): void;
  onHalfClose(): void;
  /** The call is over for the transport, whoever ended it. */
  onOver(): void;
}
