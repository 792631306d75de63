import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { bindClient } from "../../runtime/src/client/bind-client.ts";
import { GrpcError } from "../../runtime/src/error.ts";
import { defineMethod, defineService, type MethodDefinition } from "../../runtime/src/method.ts";
import { InterruptedError, StepError, UsageError } from "../terminal/errors.ts";
import type { Connection } from "./connect.ts";
import { withFlags } from "./with-flags.ts";

/** Options of one call. */
export interface CallSettings {
  readonly metadata: Metadata;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds; 0 is no limit. */
  readonly timeoutMs: number;
  readonly onHeader?: (header: Metadata) => void;
  readonly onTrailer?: (trailer: Metadata) => void;
}

/**
 * Calls a method of any kind. On the wire, all kinds are streams of requests and responses.
 *
 * @param path other than that of the descriptor
 * @throws GrpcError the status of the call
 * @throws InterruptedError after Ctrl-C
 * @throws UsageError, StepError of the source of requests, as they are
 */
export async function* makeCall(
  connection: Connection,
  descriptor: DescMethod,
  requests: Iterable<Message> | AsyncIterable<Message>,
  { signal, ...settings }: CallSettings,
  path?: string,
): AsyncGenerator<Message, undefined, undefined> {
  const { channel, timedOut, waitForReady } = connection;
  const method = defineMethod(descriptor);
  const stream: MethodDefinition<"bidi_streaming"> = {
    ...method,
    name: method.name,
    path: path ?? method.path,
    kind: "bidi_streaming",
    requestStream: true,
    responseStream: true,
  };
  const { methods } = bindClient(defineService(descriptor.parent, { stream }), channel);
  const options = { ...settings, waitForReady, signal: AbortSignal.any([signal, timedOut]) };
  try {
    yield* methods.stream(requests, options);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    if (timedOut.aborted) throw timedOut.reason;
    throw sourceError(error) ?? withFlags(GrpcError.from(error), connection);
  }
}

/** What the source of requests threw. */
function sourceError(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof UsageError || cause instanceof StepError ? cause : undefined;
}
