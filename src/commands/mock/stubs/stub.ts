import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import type { Fault } from "../faults.ts";
import type { Entry, Failure } from "../reply.ts";
import type { TimeSpan } from "../time-span.ts";

/** What a stub file says about one method. */
export interface MethodStubs {
  /** `package.Service/Method` */
  readonly method: string;
  readonly stubs: readonly Stub[];
  /** For all calls of the method, instead of the flags. */
  readonly latency: TimeSpan | undefined;
  readonly faults: readonly Fault[] | undefined;
}

/** An answer to requests that have certain fields. */
export interface Stub {
  /** Undefined matches every request. */
  readonly match: Match | undefined;
  /** Undefined: a generated response. */
  readonly messages: readonly Message[] | undefined;
  readonly failure: Failure | undefined;
  readonly headers: readonly Entry[];
  readonly trailers: readonly Entry[];
  readonly latency: TimeSpan | undefined;
  readonly interval: TimeSpan | undefined;
}

/** Fields that a request has to have; it may have more. */
export interface Match {
  readonly desc: DescMessage;
  /** The fields, as the file has them. */
  readonly fields: JsonValue;
  /** The same as JSON of the message, in which every value has one form only. */
  readonly expected: JsonValue;
}
