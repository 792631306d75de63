import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { encodeShared } from "../../runtime/src/encode-once.ts";
import { encodeOnce, reflectCodec } from "../../runtime/src/index.ts";
import { EchoReplySchema } from "./gen/echo_pb.ts";
import { collect, startEcho } from "./support/echo.ts";

const codec = reflectCodec(EchoReplySchema);

test("a marked message is encoded once, any other each time", () => {
  const plain = create(EchoReplySchema, { text: "plain" });
  expect(encodeShared(codec, plain)).not.toBe(encodeShared(codec, plain));
  const marked = encodeOnce(create(EchoReplySchema, { text: "홍길동" }));
  const bytes = encodeShared(codec, marked);
  expect(bytes).toEqual(codec.encode(marked));
  expect(encodeShared(codec, encodeOnce(marked))).toBe(bytes);
  expect(bytes.buffer.byteLength).toBe(bytes.length);
  expect(encodeShared(codec, plain)).toEqual(codec.encode(plain));
});

test("all callers get it, also where a hook replaces it", async () => {
  const news = encodeOnce(create(EchoReplySchema, { text: "news" }));
  let calls = 0;
  const { client } = await startEcho({
    handlers: {
      serverStream: async function* () {
        yield news;
        yield news;
      },
    },
    interceptors: [
      async (call, next) => {
        calls += 1;
        if (calls === 2) call.onResponse(() => create(EchoReplySchema, { text: "replaced" }));
        await next();
      },
    ],
  });
  const texts = async () => (await collect(client.serverStream({}))).map(({ text }) => text);
  expect(await texts()).toEqual(["news", "news"]);
  expect(await texts()).toEqual(["replaced", "replaced"]);
  expect(await texts()).toEqual(["news", "news"]);
});
