import assert from "node:assert/strict";
import type { Peer } from "../peer.ts";
import { expectStatus } from "./expect-status.ts";
import { assertLargeResponse, assertZeros, largeRequest } from "./unary.ts";

/** For servers with the feature "CompressedRequest" only. */
export async function clientCompressedUnary({ test, compressing }: Peer): Promise<void> {
  const compressed = { ...largeRequest, expectCompressed: { value: true } };
  const uncompressed = { ...largeRequest, expectCompressed: { value: false } };
  await expectStatus(test.unaryCall(compressed), "INVALID_ARGUMENT");
  assertLargeResponse(await compressing.unaryCall(compressed));
  assertLargeResponse(await test.unaryCall(uncompressed));
}

/** Whether a response came compressed, grpc-js does not tell: its content has to do. */
export async function serverCompressedUnary({ test }: Peer): Promise<void> {
  for (const value of [true, false]) {
    assertLargeResponse(await test.unaryCall({ ...largeRequest, responseCompressed: { value } }));
  }
}

export async function serverCompressedStreaming({ test }: Peer): Promise<void> {
  const responseParameters = [
    { size: 31_415, compressed: { value: true } },
    { size: 92_653, compressed: { value: false } },
  ];
  const expected = responseParameters.map(({ size }) => size);
  for await (const { payload } of test.streamingOutputCall({ responseParameters })) {
    assertZeros(payload, expected.shift() ?? 0);
  }
  assert.equal(expected.length, 0);
}
