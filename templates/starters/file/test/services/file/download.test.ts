import { collect, failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunksOf } from "../../../src/client/chunks.ts";
import { chunks, named, textOf, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

async function upload(text: string): Promise<void> {
  await app.ada.files.upload(chunks(text), named("a"));
}

test("sends a large file in order", async () => {
  const bytes = Buffer.alloc(3_000_000, "0123456789");
  await app.ada.files.upload(
    [...chunksOf(bytes)].map((data) => ({ data })),
    named("a"),
  );
  const parts = (await collect(app.ada.files.download({ name: "a" }))).map(({ data }) => data);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  expect(parts.length).toBeGreaterThan(2);
});

test.each([
  ["from 3 on", { offset: 3n }, "3456789"],
  ["3 to 6", { offset: 3n, length: 4n }, "3456"],
  ["of 100 bytes near the end", { offset: 8n, length: 100n }, "89"],
  ["of no bytes", { length: 0n }, ""],
  ["at the end", { offset: 10n }, ""],
])("sends the part %s", async (_, range, text) => {
  await upload("0123456789");
  expect(await textOf(app.ada.files.download({ name: "a", ...range }))).toBe(text);
});

test("a part fits to the rest, or is refused", async () => {
  await upload("0123456789");
  const { sha256 } = await app.ada.files.getFile({ name: "a" });
  expect(await textOf(app.ada.files.download({ name: "a", offset: 9n, sha256 }))).toBe("9");
  await app.ada.files.deleteFile({ name: "a" });
  await upload("another text");
  const failure = await failureOf(app.ada.files.download({ name: "a", offset: 9n, sha256 }));
  expect(failure.code).toBe("FAILED_PRECONDITION");
});

test.each([
  ["a part past the end", { offset: 11n }, "OUT_OF_RANGE"],
  ["a part far past the end", { offset: 2n ** 63n - 1n }, "OUT_OF_RANGE"],
  ["a negative offset", { offset: -1n }, "OUT_OF_RANGE"],
  ["a negative length", { length: -1n }, "OUT_OF_RANGE"],
  ["an unknown name", { name: "b" }, "NOT_FOUND"],
  ["a path", { name: "../a" }, "NOT_FOUND"],
])("refuses %s", async (_, request, code) => {
  await upload("0123456789");
  const failure = await failureOf(app.ada.files.download({ name: "a", ...request }));
  expect(failure.code).toBe(code);
});

test("does not read far ahead of a slow caller", async () => {
  const bytes = Buffer.alloc(20_000_000, "x");
  await app.ada.files.upload(
    [...chunksOf(bytes)].map((data) => ({ data })),
    named("a"),
  );
  let read = 0;
  const original = app.store.read.bind(app.store);
  app.store.read = async function* (...args) {
    for await (const chunk of original(...args)) {
      read += chunk.length;
      yield chunk;
    }
  };
  const stream = app.ada.files.download({ name: "a" })[Symbol.asyncIterator]();
  await stream.next();
  // A call of another caller takes its turn meanwhile.
  await app.grace.files.listFiles({});
  expect(read).toBeLessThan(10_000_000);
  let received = 0;
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
    received += next.value.data.length;
  }
  expect(received).toBeGreaterThan(19_000_000);
});

test("others do not find the file", async () => {
  await upload("secret");
  const failure = await failureOf(app.grace.files.download({ name: "a" }));
  expect(failure.code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.files.download({ name: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
