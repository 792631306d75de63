import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallContext } from "../../../runtime/src/index.ts";
import type {
  SimpleResponseSchema,
  StreamingOutputCallRequest,
  StreamingOutputCallResponseSchema,
} from "../gen/grpc/testing/messages_pb.ts";
import type { TestServiceHandlers } from "../gen/grpc/testing/test_grpc.ts";
import { endAsAsked } from "./echoed-status.ts";
import { payloadOf } from "./payload.ts";

const serverId = randomUUID();

/**
 * What gRPC's interop tests ask of a server; `unimplementedCall` is left out on purpose. Whether a
 * request came compressed, and whether a response leaves so, is nothing that grpc-js' servers tell
 * or can be told: `expect_compressed` and `response_compressed` are ignored.
 */
export const testServiceHandlers: Omit<TestServiceHandlers, "unimplementedCall"> = {
  async emptyCall() {
    return {};
  },

  async unaryCall(request): Promise<MessageInitShape<typeof SimpleResponseSchema>> {
    endAsAsked(request.responseStatus);
    return {
      payload: payloadOf(request.responseType, request.responseSize),
      serverId: request.fillServerId ? serverId : "",
      hostname: hostname(),
    };
  },

  async cacheableUnaryCall(request, context) {
    context.setHeader("cache-control", "max-age=60, public");
    const now = process.hrtime.bigint().toString();
    return { payload: { type: request.responseType, body: Buffer.from(now) } };
  },

  streamingOutputCall: responsesTo,

  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  },

  async *fullDuplexCall(requests, context) {
    for await (const request of requests) yield* responsesTo(request, context);
  },

  async *halfDuplexCall(requests, context) {
    const buffered: StreamingOutputCallRequest[] = [];
    for await (const request of requests) buffered.push(request);
    for (const request of buffered) yield* responsesTo(request, context);
  },
};

async function* responsesTo(
  { responseStatus, responseParameters, responseType }: StreamingOutputCallRequest,
  { signal }: CallContext,
): AsyncIterable<MessageInitShape<typeof StreamingOutputCallResponseSchema>> {
  endAsAsked(responseStatus);
  for (const { size, intervalUs } of responseParameters) {
    if (intervalUs > 0) await wait(intervalUs / 1000, undefined, { signal });
    yield { payload: payloadOf(responseType, size) };
  }
}
