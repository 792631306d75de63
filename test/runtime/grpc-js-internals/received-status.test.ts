import { createServer, type ServerHttp2Stream } from "node:http2";
import { expect, test } from "vitest";
import { property } from "../../../runtime/src/grpc-js-internals/property.ts";
import { readStatusOf } from "../../../runtime/src/grpc-js-internals/received-status.ts";
import { cleanUp, connect, failure } from "../support/echo.ts";

interface Status {
  readonly "grpc-status": string;
  readonly "grpc-message"?: string;
}

type End = (stream: ServerHttp2Stream, status: Status) => void;

/** A server on node:http2 that ends each call with this status, and a client. */
async function startEnding(status: Status, end: End) {
  const server = createServer();
  server.on("session", (session) => cleanUp(() => session.destroy()));
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    end(stream, status);
  });
  cleanUp(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return connect(`127.0.0.1:${address.port}`);
}

const head = { ":status": 200, "content-type": "application/grpc" };

function statusOnly(stream: ServerHttp2Stream, status: Status): void {
  stream.respond({ ...head, ...status }, { endStream: true });
}

function behindMessage(stream: ServerHttp2Stream, status: Status): void {
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ ...status }));
  stream.end(Buffer.alloc(5));
}

/** The failures of a call of each kind, with a status alone and behind a message. */
async function failuresOf(status: Status): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const end of [statusOnly, behindMessage]) {
    const client = await startEnding(status, end);
    failures.push(await failure(client.unary({})));
    failures.push(await failure(client.serverStream({})));
    failures.push(await failure(client.clientStream([])));
    failures.push(await failure(client.bidi([])));
  }
  return failures;
}

/** As servers encode them: with everything but letters and digits, with what must be, or not at all. */
const texts = [
  ["why%3F %23 %7Ba%7D %3A%2F%3B%2C%40%26%3D%2B%24", "why? # {a} :/;,@&=+$"],
  ["a%2Fb", "a/b"],
  ["a%252Fb", "a%2Fb"],
  ["100%25", "100%"],
  ["%E2%82%ac %ea%b0%80", "€ 가"],
  ["%F0%9F%99%82", "🙂"],
  ["50% of %C3%A9", "50% of é"],
  ["%zz%4", "%zz%4"],
  ["%FF%E2%82 %C3%A9", "%FF%E2%82 é"],
  ["plain", "plain"],
] as const;

test.each(texts)("canary: the text %j of a status is read as %j", async (text, expected) => {
  for (const error of await failuresOf({ "grpc-status": "5", "grpc-message": text })) {
    expect(error).toMatchObject({ code: "NOT_FOUND", rawMessage: expected });
  }
});

test.each(["", "0x0", "0.0", "-0", "5e0", "ok"])(
  "canary: a status with the code %j is UNKNOWN",
  async (code) => {
    for (const error of await failuresOf({ "grpc-status": code, "grpc-message": "a" })) {
      expect(error).toMatchObject({ code: "UNKNOWN", rawMessage: "a" });
    }
  },
);

test.each([undefined, null, 1, {}, Object.create(null), Object.create({ handleTrailers: 1 })])(
  "fall-back: nothing happens when the call is %j",
  (call) => {
    expect(() => readStatusOf(call)).not.toThrow();
    expect(property(call, "handleTrailers")).not.toBeTypeOf("function");
  },
);
