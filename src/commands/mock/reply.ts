import type { Message } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { StatusCode } from "grpc-service";
import type { Fault } from "./faults.ts";
import type { TimeSpan } from "./time-span.ts";

/** How a call, or one request of a bidirectional call, is answered. */
export interface Reply {
  readonly messages: readonly Message[];
  /** After the messages. Undefined: OK. */
  readonly failure: Failure | undefined;
  readonly headers: readonly Entry[];
  readonly trailers: readonly Entry[];
  /** Before the first message, or the failure. */
  readonly latency: TimeSpan;
  /** Between messages. */
  readonly interval: TimeSpan;
  readonly faults: readonly Fault[];
}

/** A status other than OK. */
export interface Failure {
  readonly code: StatusCode;
  readonly message: string;
  readonly details: readonly Any[];
}

/** An entry of headers or trailers; bytes for keys that end in `-bin`. */
export type Entry = readonly [key: string, value: string | Buffer];

/** Answers the requests of one method. */
export interface Responder {
  /** @throws GrpcError when there is no answer to this request */
  replyTo(request: Message): Reply;
}
