import assert from "node:assert/strict";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { StreamingOutputCallRequestSchema } from "../../gen/grpc/testing/messages_pb.ts";
import type { Peer } from "../peer.ts";

export const requestSizes = [27_182, 8, 1_828, 45_904] as const;
export const responseSizes = [31_415, 9, 2_653, 58_979] as const;

export async function clientStreaming({ test }: Peer): Promise<void> {
  const requests = requestSizes.map((size) => ({ payload: { body: new Uint8Array(size) } }));
  const { aggregatedPayloadSize } = await test.streamingInputCall(requests);
  assert.equal(aggregatedPayloadSize, 74_922);
}

export async function serverStreaming({ test }: Peer): Promise<void> {
  const responseParameters = responseSizes.map((size) => ({ size }));
  const received: number[] = [];
  for await (const { payload } of test.streamingOutputCall({ responseParameters })) {
    received.push(payload?.body.length ?? 0);
  }
  assert.deepEqual(received, responseSizes);
}

export async function pingPong({ test }: Peer): Promise<void> {
  let onReply = (): void => {};
  async function* requests(): AsyncIterable<
    MessageInitShape<typeof StreamingOutputCallRequestSchema>
  > {
    for (const [index, size] of requestSizes.entries()) {
      const replied = new Promise<void>((resolve) => {
        onReply = resolve;
      });
      yield {
        responseParameters: [{ size: responseSizes[index] ?? 0 }],
        payload: { body: new Uint8Array(size) },
      };
      await replied;
    }
  }
  const received: number[] = [];
  for await (const { payload } of test.fullDuplexCall(requests())) {
    received.push(payload?.body.length ?? 0);
    onReply();
  }
  assert.deepEqual(received, responseSizes);
}

export async function emptyStream({ test }: Peer): Promise<void> {
  for await (const response of test.fullDuplexCall([])) assert.fail(`got ${response.$typeName}`);
}
