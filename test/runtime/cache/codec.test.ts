import { create } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { jsonCodec, messageCodec } from "../../../runtime/src/cache/index.ts";

test("messages come back as they were", () => {
  const codec = messageCodec(StringValueSchema);
  const message = create(StringValueSchema, { value: "grüße" });
  expect(codec.decode(codec.encode(message))).toEqual(message);
  expect(() => codec.decode(Uint8Array.of(0x0a))).toThrow();
});

test("JSON values come back as they were", () => {
  const codec = jsonCodec<{ name: string; tags: string[] }>();
  const value = { name: "grüße", tags: ["a"] };
  expect(codec.decode(codec.encode(value))).toEqual(value);
  expect(() => codec.decode(Buffer.from("{"))).toThrow(SyntaxError);
});
