import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { type CompressionOptions, GrpcServer } from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, failure, signpost } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

const text = "a text that repeats itself, ".repeat(200);
const noise = Uint8Array.from({ length: 5_000 }, () => Math.floor(Math.random() * 256));

const handlers: Partial<EchoHandlers> = {
  unary: async ({ text: asked }) => (asked === "noise" ? { data: noise } : { text: asked || text }),
  serverStream: async function* ({ number }) {
    for (let index = 0; index < number; index += 1) {
      yield index % 3 === 2 ? { number: index } : { number: index, text };
    }
  },
};

const start = (compression: CompressionOptions = {}) => listen(handlers, compression);

async function listen(served: Partial<EchoHandlers>, compression: CompressionOptions = {}) {
  const services = [implement(echoDefinition, served)];
  const server = new GrpcServer({ services, compression });
  cleanUp(() => server.stop(0));
  return await server.listen("127.0.0.1:0");
}

interface Answer {
  readonly encoding: unknown;
  /** The first byte of each message, and its size. */
  readonly frames: readonly { readonly flag: number; readonly bytes: Buffer }[];
  readonly statuses: readonly unknown[];
}

/** Calls by hand, as a caller that accepts `accepted`. */
async function ask(
  port: number,
  method: string,
  request: Buffer,
  accepted?: string,
): Promise<Answer> {
  const headers = accepted === undefined ? {} : { "grpc-accept-encoding": accepted };
  const call = rawCall(port, `/runtime.test.Echo/${method}`, { headers });
  call.send(request);
  call.end();
  const { statuses, body } = await call.outcome;
  const frames = [];
  for (let at = 0; at < body.length; ) {
    const size = body.readUInt32BE(at + 1);
    frames.push({ flag: body.readUInt8(at), bytes: body.subarray(at + 5, at + 5 + size) });
    at += 5 + size;
  }
  return { encoding: (await call.headers)["grpc-encoding"], frames, statuses };
}

const nothing = Buffer.alloc(0);
/** Field 2, varint. */
const asking = (count: number) => Buffer.from([0x10, count]);

describe("a caller that accepts gzip", () => {
  test.each(["gzip", "identity, deflate,gzip", "gzip,identity"])(
    "says %s and gets it",
    async (accepted) => {
      const { encoding, frames, statuses } = await ask(await start(), "Unary", nothing, accepted);
      expect({ encoding, statuses }).toEqual({ encoding: "gzip", statuses: ["0"] });
      expect(frames.map(({ flag }) => flag)).toEqual([1]);
      const [message] = frames;
      expect(message?.bytes.length).toBeLessThan(text.length / 10);
      expect(gunzipSync(message?.bytes ?? nothing).toString()).toContain(text);
    },
  );

  test("gets small messages of a stream as they are, in their order", async () => {
    const { frames, statuses } = await ask(await start(), "ServerStream", asking(9), "gzip");
    expect(statuses).toEqual(["0"]);
    expect(frames.map(({ flag }) => flag)).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
  });

  test("gets what does not become smaller as it is", async () => {
    const request = Buffer.from([0x0a, 5, ...Buffer.from("noise")]);
    const { frames } = await ask(await start(), "Unary", request, "gzip");
    expect(frames.map(({ flag }) => flag)).toEqual([0]);
  });
});

describe("nothing is compressed", () => {
  test.each([
    ["for a caller that does not accept it", {}, undefined],
    ["for one that accepts something else", {}, "deflate,identity"],
    ["in methods that are left out", { where: () => false }, "gzip"],
    ["below the size", { minBytes: 100_000 }, "gzip"],
  ])("%s", async (_name, options, accepted) => {
    const { frames, statuses } = await ask(await start(options), "Unary", nothing, accepted);
    expect(statuses).toEqual(["0"]);
    expect(frames.map(({ flag }) => flag)).toEqual([0]);
  });
});

test("our client, which accepts gzip, reads it in streams and single responses", async () => {
  const client = connect(`127.0.0.1:${await start()}`);
  expect((await client.unary({})).text).toBe(text);
  const replies = await collect(client.serverStream({ number: 100 }));
  expect(replies.map(({ number }) => number)).toEqual(
    Array.from({ length: 100 }, (_, index) => index),
  );
  const many = Array.from({ length: 50 }, () => client.unary({}));
  for (const reply of await Promise.all(many)) expect(reply.text).toBe(text);
});

test("eight responses are compressed at a time, and others are sent as they are", async () => {
  const calls = 20;
  const { reached: all, reach } = signpost();
  let arrived = 0;
  const port = await listen({
    unary: async () => {
      arrived += 1;
      if (arrived % calls === 0) reach();
      await all;
      return { text };
    },
  });
  const flags = async () => {
    const answers = await Promise.all(
      Array.from({ length: calls }, () => ask(port, "Unary", nothing, "gzip")),
    );
    return answers.flatMap(({ frames }) => frames.map(({ flag }) => flag)).sort();
  };
  expect(await flags()).toEqual([...Array(calls - 8).fill(0), ...Array(8).fill(1)]);
  // None of them is left in the count.
  for (let count = 0; count < calls; count += 1) {
    const { frames } = await ask(port, "Unary", nothing, "gzip");
    expect(frames.map(({ flag }) => flag)).toEqual([1]);
  }
});

test("a call that ends while a response is compressed has one status", async () => {
  const client = connect(`127.0.0.1:${await start({ minBytes: 1 })}`);
  for (let timeoutMs = 1; timeoutMs < 30; timeoutMs += 1) {
    const call = collect(client.serverStream({ number: 1_000 }, { timeoutMs }));
    expect(await failure(call)).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  }
  await client.unary({});
});
