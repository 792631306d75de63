import { describe, expect, test } from "vitest";
import { guardConnections } from "../../../runtime/src/server/index.ts";
import { frame, rawCall } from "../support/raw-call.ts";
import { startNativeServer } from "./native-server.ts";

const compressed = frame(Buffer.from("message"));
compressed.writeUInt8(1, 0);

interface Request {
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

/** Requests that grpc-js misreads, with the response of grpc-js and the correct one. */
const misread = [
  { name: "GET", headers: { ":method": "GET" }, native: "200 12", correct: "415 " },
  {
    name: "JSON",
    headers: { "content-type": "application/grpc+json" },
    native: "200 0",
    correct: "415 ",
  },
  {
    name: "an unknown encoding",
    headers: { "grpc-encoding": "snappy" },
    native: "200 0",
    correct: "200 12",
  },
  {
    name: "compressed without encoding",
    headers: { "grpc-encoding": "identity" },
    body: compressed,
    native: "200 0",
    correct: "200 13",
  },
  {
    name: "a timeout of 25 days",
    headers: { "grpc-timeout": "597H" },
    native: "200 4",
    correct: "200 0",
  },
  {
    name: "a malformed timeout",
    headers: { "grpc-timeout": "x5Sx" },
    native: "200 0",
    correct: "200 13",
  },
];

/** The HTTP status and the gRPC status of the response to `request`. */
async function responseTo(request: Request, port: number): Promise<string> {
  const { headers, body = frame(Buffer.from("message")) } = request;
  const call = rawCall(port, "/native/Unary", { headers });
  if (headers[":method"] !== "GET") call.raw(body);
  call.end();
  const outcome = await call.outcome;
  return `${outcome.headers[":status"]} ${outcome.statuses}`;
}

/** A handler that takes a moment, for timeouts to pass. */
const handlers = {
  unary: (_call: unknown, callback: (error: null, response: Buffer) => void) =>
    void setTimeout(callback, 40, null, Buffer.alloc(0)),
};

describe("canary", () => {
  test.each(misread)(
    "grpc-js reads headers that an earlier listener has changed: $name",
    async ({ correct, ...request }) => {
      const { server, port } = await startNativeServer(handlers);
      guardConnections(server);
      expect(await responseTo(request, port)).toBe(correct);
    },
  );

  // The reason for all of it: if one fails, grpc-js may not need that correction any more.
  test.each(misread)("grpc-js itself misreads $name", async ({ native, ...request }) => {
    const { port } = await startNativeServer(handlers);
    expect(await responseTo(request, port)).toBe(native);
  });
});

test("fall-back: legal requests are served without any correction", async () => {
  const { port } = await startNativeServer(handlers);
  expect(await responseTo({ headers: { "grpc-timeout": "5S" } }, port)).toBe("200 0");
});
