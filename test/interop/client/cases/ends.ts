import assert from "node:assert/strict";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  StreamingInputCallRequestSchema,
  StreamingOutputCallRequestSchema,
} from "../../gen/grpc/testing/messages_pb.ts";
import type { Peer } from "../peer.ts";
import { expectStatus } from "./expect-status.ts";
import { requestSizes, responseSizes } from "./streaming.ts";

type OutputRequest = MessageInitShape<typeof StreamingOutputCallRequestSchema>;
type InputRequest = MessageInitShape<typeof StreamingInputCallRequestSchema>;

const payload = { body: new Uint8Array(requestSizes[0]) };

/** Yields what is given and then leaves the stream open. */
async function* openEnded<T>(...requests: T[]): AsyncIterable<T> {
  yield* requests;
  await new Promise(() => {});
}

export async function timeoutOnSleepingServer({ test }: Peer): Promise<void> {
  const requests = openEnded<OutputRequest>({ payload });
  await expectStatus(test.fullDuplexCall(requests, { timeoutMs: 1 }), "DEADLINE_EXCEEDED");
}

export async function cancelAfterBegin({ test }: Peer): Promise<void> {
  const controller = new AbortController();
  const requests = openEnded<InputRequest>();
  const call = test.streamingInputCall(requests, { signal: controller.signal });
  controller.abort();
  await expectStatus(call, "CANCELLED");
}

export async function cancelAfterFirstResponse({ test }: Peer): Promise<void> {
  const controller = new AbortController();
  const requests = openEnded<OutputRequest>({
    responseParameters: [{ size: responseSizes[0] }],
    payload,
  });
  const sizes: number[] = [];
  async function readAndCancel(): Promise<void> {
    for await (const response of test.fullDuplexCall(requests, { signal: controller.signal })) {
      sizes.push(response.payload?.body.length ?? 0);
      controller.abort();
    }
  }
  await expectStatus(readAndCancel(), "CANCELLED");
  assert.deepEqual(sizes, [responseSizes[0]]);
}
