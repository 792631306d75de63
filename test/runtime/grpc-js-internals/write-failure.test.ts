import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { statusOfReset } from "../../../runtime/src/grpc-js-internals/write-failure.ts";

const failed = (details: string, code = status.UNAVAILABLE) =>
  statusOfReset({ code, details, metadata: new Metadata() });

// The canary is `hostile-servers.test.ts` on Node 26: servers that reset a client stream.
test.each([
  ["NGHTTP2_PROTOCOL_ERROR", status.INTERNAL, "Received RST_STREAM with code 1"],
  ["NGHTTP2_REFUSED_STREAM", status.UNAVAILABLE, "Stream refused by server"],
  ["NGHTTP2_CANCEL", status.CANCELLED, "Call cancelled"],
  [
    "NGHTTP2_ENHANCE_YOUR_CALM",
    status.RESOURCE_EXHAUSTED,
    "Bandwidth exhausted or memory limit exceeded",
  ],
  ["NGHTTP2_INADEQUATE_SECURITY", status.PERMISSION_DENIED, "Protocol not secure enough"],
  ["255", status.INTERNAL, "Received RST_STREAM with code 255"],
])("a write that fails with %s has the status of that code", (name, code, details) => {
  expect(failed(`Write error: Stream closed with error code ${name}`)).toMatchObject({
    code,
    details,
  });
});

test("other failures stay as they are", () => {
  expect(failed("Write error: write EPIPE")).toBeUndefined();
  expect(failed("Connection dropped")).toBeUndefined();
  const own = "Write error: Stream closed with error code NGHTTP2_CANCEL";
  expect(failed(own, status.DATA_LOSS)).toBeUndefined();
});
