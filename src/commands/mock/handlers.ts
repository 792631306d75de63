import { setTimeout as sleep } from "node:timers/promises";
import { create, type Message } from "@bufbuild/protobuf";
import {
  type CallContext,
  GrpcError,
  type MethodDefinition,
  type UntypedHandler,
} from "grpc-service";
import type { Random } from "../../values/random.ts";
import { drawFault } from "./faults.ts";
import type { Reply, Responder } from "./reply.ts";
import { drawTime, type TimeSpan } from "./time-span.ts";

/**
 * The handler of a method that a responder answers. A stream of requests with one response is answered at
 * its end, by its first request; of a bidirectional stream, each request is answered when it arrives.
 *
 * @param random draws latencies and faults: the same ones for the same order of calls
 */
export function mockHandler(
  { kind, request: { schema } }: MethodDefinition,
  responder: Responder,
  random: Random,
): UntypedHandler {
  switch (kind) {
    case "unary":
      return async (input, context) => {
        const [request] = await first(input);
        return only(responder.replyTo(request ?? create(schema)), context, random);
      };
    case "client_streaming":
      return async (input, context) => {
        const [request] = await first(input);
        return only(responder.replyTo(request ?? create(schema)), context, random);
      };
    case "server_streaming":
      return async function* (input, context) {
        const [request] = await first(input);
        yield* all(responder.replyTo(request ?? create(schema)), context, random);
      };
    case "bidi_streaming":
      return async function* (input, context) {
        let headersSent = false;
        for await (const request of requestsOf(input)) {
          const reply = responder.replyTo(request);
          yield* all(headersSent ? { ...reply, headers: [] } : reply, context, random);
          headersSent = true;
        }
      };
  }
}

function isStream(input: Message | AsyncIterable<Message>): input is AsyncIterable<Message> {
  return Symbol.asyncIterator in input;
}

async function* requestsOf(input: Message | AsyncIterable<Message>): AsyncIterable<Message> {
  if (isStream(input)) yield* input;
  else yield input;
}

/** The first request. It reads all others, so that the caller can send them, and keeps none. */
async function first(input: Message | AsyncIterable<Message>): Promise<Message[]> {
  const kept: Message[] = [];
  for await (const request of requestsOf(input)) if (kept.length === 0) kept.push(request);
  return kept;
}

/** The one response of a call. */
async function only(reply: Reply, context: CallContext, random: Random): Promise<Message> {
  for await (const message of all(reply, context, random)) return message;
  throw new GrpcError("INTERNAL", "the stub has no response");
}

/** The messages of a reply, at their times; then it throws its failure. */
async function* all(
  { messages, failure, headers, trailers, latency, interval, faults }: Reply,
  context: CallContext,
  random: Random,
): AsyncIterable<Message> {
  for (const [key, value] of headers) context.setHeader(key, value);
  for (const [key, value] of trailers) context.setTrailer(key, value);
  await wait(latency, context, random);
  const fault = drawFault(faults, random);
  if (fault !== undefined) throw new GrpcError(fault, "injected by the mock server");
  for (const [at, message] of messages.entries()) {
    if (at > 0) await wait(interval, context, random);
    yield message;
  }
  if (failure === undefined) return;
  throw new GrpcError(failure.code, failure.message, { details: failure.details });
}

async function wait(span: TimeSpan, { signal }: CallContext, random: Random): Promise<void> {
  const ms = drawTime(span, random);
  if (ms > 0) await sleep(ms, undefined, { signal });
}
