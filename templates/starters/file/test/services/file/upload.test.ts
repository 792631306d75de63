import { randomBytes } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import { QuotaFailureSchema } from "grpc-service/error-details";
import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunksOf, sha256Of } from "../../../src/client/chunks.ts";
import { chunks, named, textOf, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();
const small = useFileTestApp({ FILES_MAX_FILE_BYTES: "10", FILES_QUOTA_BYTES: "15" });

test("writes the chunks one after the other, and says how many bytes they are", async () => {
  const sent = chunks("hello", " ", "world");
  const { success, totalSize } = await app.ada.files.upload(sent, named("a.txt"));
  expect({ success, totalSize }).toEqual({ success: true, totalSize: 11n });
  expect(await textOf(app.ada.files.download({ name: "a.txt" }))).toBe("hello world");
});

test("a few MiB arrive byte for byte", async () => {
  const bytes = randomBytes(5_000_000);
  const sent = [...chunksOf(bytes)].map((data) => ({ data }));
  expect((await app.ada.files.upload(sent, named("a"))).totalSize).toBe(5_000_000n);
  const { size, sha256 } = await app.ada.files.getFile({ name: "a" });
  expect({ size, sha256 }).toEqual({ size: 5_000_000n, sha256: await sha256Of([bytes]) });
});

test.each([[[]], [chunks("")]])("an empty file from %j", async (sent) => {
  expect(await app.ada.files.upload(sent, named("a"))).toMatchObject({
    success: true,
    totalSize: 0n,
  });
  expect(await textOf(app.ada.files.download({ name: "a" }))).toBe("");
});

test("without a name the server makes one up, and returns it in a header", async () => {
  let header: Metadata | undefined;
  const onHeader = (received: Metadata) => {
    header = received;
  };
  await app.ada.files.upload(chunks("some text"), { onHeader });
  const name = String(header?.get("file-name")[0]);
  expect(name).toMatch(/^upload-[0-9a-f-]{36}$/);
  expect(await textOf(app.ada.files.download({ name }))).toBe("some text");
});

test("a name may have any script", async () => {
  await app.ada.files.upload(chunks("a"), named("홍길동 독서.txt"));
  const { files } = await app.ada.files.listFiles({});
  expect(files.map(({ name }) => name)).toEqual(["홍길동 독서.txt"]);
});

test.each(["../../etc/passwd", "/etc/passwd", "..", "", "a\0b", "a／b", "x".repeat(300), "NUL"])(
  "refuses the name %j",
  async (name) => {
    const failure = await failureOf(app.ada.files.upload(chunks("a"), named(name)));
    expect(failure.code).toBe("INVALID_ARGUMENT");
    expect(invalidFields(failure)).toEqual(["name"]);
  },
);

test("refuses a name that is not percent-encoded", async () => {
  const call = app.ada.files.upload(chunks("a"), { metadata: { "file-name": "100%" } });
  expect(invalidFields(await failureOf(call))).toEqual(["file-name"]);
});

test("of several calls for one name, one wins", async () => {
  const calls = ["first", "other", "third"].map((text) =>
    app.ada.files.upload(chunks(text), named("a")),
  );
  const ends = await Promise.allSettled(calls);
  const failed = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
  expect(failed).toEqual(["ALREADY_EXISTS", "ALREADY_EXISTS"]);
  const winner = ends.findIndex(({ status }) => status === "fulfilled");
  const text = await textOf(app.ada.files.download({ name: "a" }));
  expect(text).toBe(["first", "other", "third"][winner]);
});

test.each([
  ["a file of 11 bytes", [], ["12345", "678901"]],
  ["16 bytes in all", ["1234567890"], ["123456"]],
])("refuses %s, and leaves nothing", async (_, before, sent) => {
  if (before.length > 0) await small.ada.files.upload(chunks(...before), named("a"));
  const failure = await failureOf(small.ada.files.upload(chunks(...sent), named("b")));
  expect(failure.code).toBe("RESOURCE_EXHAUSTED");
  expect(failure.findDetails(QuotaFailureSchema)).toHaveLength(1);
  expect(small.store.usedBytes).toBe(before.join("").length);
});

test("a call that is cancelled leaves nothing", async () => {
  const caller = new AbortController();
  async function* leaving() {
    yield* chunks("some bytes");
    await expect.poll(() => app.store.usedBytes).toBe(10);
    caller.abort();
    yield* chunks("more");
  }
  const call = app.ada.files.upload(leaving(), { ...named("a"), signal: caller.signal });
  expect((await failureOf(call)).code).toBe("CANCELLED");
  await expect.poll(() => app.store.usedBytes).toBe(0);
  expect((await failureOf(app.ada.files.getFile({ name: "a" }))).code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.files.upload(chunks("a"), named("a")));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
