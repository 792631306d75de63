import assert from "node:assert/strict";
import type { Metadata } from "@grpc/grpc-js";
import type { CallOptions } from "../../../../runtime/src/client/index.ts";
import type { Peer } from "../peer.ts";
import { assertLargeResponse, largeRequest } from "./unary.ts";

const initialKey = "x-grpc-test-echo-initial";
const initialValue = "test_initial_metadata_value";
const trailingKey = "x-grpc-test-echo-trailing-bin";
const trailingValue = Buffer.from([0xab, 0xab, 0xab]);

/** Options of one call, and what its server has sent of metadata. */
function echoing(): { options: CallOptions; assertEchoed(): void } {
  const received: { header?: Metadata; trailer?: Metadata } = {};
  return {
    options: {
      metadata: { [initialKey]: initialValue, [trailingKey]: trailingValue },
      onHeader: (header) => {
        received.header = header;
      },
      onTrailer: (trailer) => {
        received.trailer = trailer;
      },
    },
    assertEchoed: () => {
      assert.deepEqual(received.header?.get(initialKey), [initialValue]);
      assert.deepEqual(received.trailer?.get(trailingKey), [trailingValue]);
    },
  };
}

export async function customMetadata({ test }: Peer): Promise<void> {
  const unary = echoing();
  assertLargeResponse(await test.unaryCall(largeRequest, unary.options));
  unary.assertEchoed();

  const { payload, responseSize } = largeRequest;
  const duplex = echoing();
  const requests = [{ responseParameters: [{ size: responseSize }], payload }];
  for await (const response of test.fullDuplexCall(requests, duplex.options)) {
    assert.equal(response.payload?.body.length, responseSize);
  }
  duplex.assertEchoed();
}
