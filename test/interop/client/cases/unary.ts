import assert from "node:assert/strict";
import type { Payload, SimpleResponse } from "../../gen/grpc/testing/messages_pb.ts";
import type { Peer } from "../peer.ts";

const requestSize = 271_828;
const responseSize = 314_159;

/** The request of every case that makes a large unary call. */
export const largeRequest = { responseSize, payload: { body: new Uint8Array(requestSize) } };

export function assertLargeResponse({ payload }: SimpleResponse): void {
  assertZeros(payload, responseSize);
}

/** @param size in bytes */
export function assertZeros(payload: Payload | undefined, size: number): void {
  assert.equal(payload?.body.length, size);
  assert(payload?.body.every((byte) => byte === 0));
}

export async function emptyUnary({ test }: Peer): Promise<void> {
  const response = await test.emptyCall({});
  assert.equal(response.$typeName, "grpc.testing.Empty");
  assert.equal(response.$unknown, undefined);
}

export async function largeUnary({ test }: Peer): Promise<void> {
  assertLargeResponse(await test.unaryCall(largeRequest));
}
