import { EventEmitter } from "node:events";
import type { Message } from "@bufbuild/protobuf";
import { addAbortListener } from "../abort-listeners.ts";
import type { CallContext } from "../call.ts";
import { addHeaders } from "./old-status.ts";
import { OldStream, type OldStreamParts } from "./old-stream.ts";

/** What a call of grpc-js is made of. */
export interface OldCallParts extends Omit<OldStreamParts, "requests"> {
  readonly input: Message | AsyncIterable<Message>;
}

/** A call as handlers of grpc-js know it. */
export interface OldCall {
  /** A stream; for one request and one response, only an emitter. */
  readonly call: EventEmitter;
  /** To be called when the call has ended. */
  release(): void;
}

export function oldCall({ method, input, context, responses, fail }: OldCallParts): OldCall {
  const requests = "$typeName" in input ? undefined : input;
  const stream =
    requests === undefined && responses === undefined
      ? undefined
      : new OldStream({ method, requests, context, responses, fail });
  const call: EventEmitter = stream ?? new EventEmitter();
  if ("$typeName" in input) Object.assign(call, { request: method.request(input) });
  Object.assign(call, surface(context));
  const cancel = () => {
    Object.assign(call, { cancelled: true });
    call.emit("cancelled", "cancelled");
    stream?.destroy();
  };
  const ignore = context.signal.aborted ? undefined : addAbortListener(context.signal, cancel);
  return {
    call,
    release() {
      ignore?.();
      stream?.destroy();
    },
  };
}

/** What every call has. */
function surface(context: CallContext) {
  return {
    metadata: context.metadata,
    cancelled: context.signal.aborted,
    getPeer: () => context.peer,
    getDeadline: () => context.deadline ?? Number.POSITIVE_INFINITY,
    getPath: () => context.method.path,
    getHost: () => context.authority,
    sendMetadata: (metadata: unknown) => addHeaders(context, metadata),
  };
}
