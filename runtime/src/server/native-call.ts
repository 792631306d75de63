import type { Metadata } from "@grpc/grpc-js";
import type { GrpcError } from "../error.ts";
import type { PeerCertificate } from "../peer-certificate.ts";
import type { WireStatus } from "../status.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/**
 * What carries one exchange: an `Http2Call` under `GrpcServer`, a `DispatchedCall` if native interceptors
 * must see it, a `PlainCall` under any other server.
 */
export interface NativeCall {
  readonly metadata: Metadata;
  /** The first value of a key of the metadata that has texts. */
  firstText(key: string): string | undefined;
  readonly peer: string;
  readonly peerCertificate: PeerCertificate | undefined;
  readonly authority: string;
  readonly deadline: Date | undefined;
  /** Whether it ends itself at its deadline, even while messages wait to be sent. */
  readonly endsAtDeadline: boolean;
  /** Requests one message. The result is one event of `CallListener`. */
  read(): void;
  /** Sends the response headers; before any message, at most once. */
  sendHeader(header: ResponseHeaders | undefined): void;
  /**
   * Sends one response of a stream. If it returns a promise, await that before the next response.
   * The promise never rejects.
   */
  send(response: unknown): Promise<void> | undefined;
  /** Sends the only response together with the status. */
  reply(response: unknown, status: WireStatus): void;
  /** Sends the status, after everything sent before. */
  end(status: WireStatus): void;
}

/** Receives the events of a native call. */
export interface CallListener {
  onMessage(request: unknown): void;
  onHalfClose(): void;
  /** The bytes received are not legal requests; no further event follows but `onEnd`. */
  onIllegalRequest(error: GrpcError): void;
  /**
   * The native call has ended, for whatever reason: cancelled, disconnected, or its status sent.
   */
  onEnd(): void;
}
