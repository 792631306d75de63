import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, textOf, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp({ FILES_MAX_FILE_BYTES: "10" });

async function start(): Promise<string> {
  return (await app.ada.uploads.startUpload({ name: "a" })).uploadId;
}

test("returns the committed bytes, and the first message may have some", async () => {
  const uploadId = await start();
  const first = { uploadId, data: Buffer.from("01") };
  const upload = await app.ada.uploads.appendUpload([first, ...chunks("23", "45")]);
  expect(upload).toMatchObject({ committed: 6n });
});

test("a call that is cancelled keeps what has arrived, and another one continues", async () => {
  const uploadId = await start();
  const caller = new AbortController();
  async function* leaving() {
    yield { uploadId };
    yield* chunks("012345");
    await expect.poll(() => app.store.usedBytes).toBe(6);
    caller.abort();
    yield* chunks("lost");
  }
  const call = app.ada.uploads.appendUpload(leaving(), { signal: caller.signal });
  expect((await failureOf(call)).code).toBe("CANCELLED");
  const { committed: offset } = await app.ada.uploads.getUpload({ uploadId });
  expect(offset).toBe(6n);
  await app.ada.uploads.appendUpload([{ uploadId, offset }, ...chunks("6789")]);
  await app.ada.uploads.finishUpload({ uploadId });
  expect(await textOf(app.ada.files.download({ name: "a" }))).toBe("0123456789");
});

test("another call takes the upload over, although the first one still runs", async () => {
  const uploadId = await start();
  async function* silent() {
    yield { uploadId };
    yield* chunks("012345");
    await new Promise(() => {}); // never half-closes
  }
  const first = failureOf(app.ada.uploads.appendUpload(silent()));
  await expect.poll(() => app.store.usedBytes).toBe(6);
  await app.ada.uploads.appendUpload([{ uploadId, offset: 6n }, ...chunks("6789")]);
  expect((await first).code).toBe("ABORTED");
  await app.ada.uploads.finishUpload({ uploadId });
  expect(await textOf(app.ada.files.download({ name: "a" }))).toBe("0123456789");
});

test("refuses an offset beyond the committed bytes", async () => {
  const uploadId = await start();
  const call = app.ada.uploads.appendUpload([{ uploadId, offset: 1n }, ...chunks("0")]);
  expect((await failureOf(call)).code).toBe("OUT_OF_RANGE");
});

test("refuses more bytes than a file may have; those that fit stay", async () => {
  const uploadId = await start();
  const call = app.ada.uploads.appendUpload([{ uploadId }, ...chunks("0123456789", "0")]);
  expect((await failureOf(call)).code).toBe("RESOURCE_EXHAUSTED");
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject({ committed: 10n });
});

test.each([[[]], [[{ data: Buffer.from("a") }]]])("refuses %j: no upload", async (messages) => {
  const failure = await failureOf(app.ada.uploads.appendUpload(messages));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(["upload_id"]);
});

test("nobody else can append", async () => {
  const uploadId = await start();
  const call = app.grace.uploads.appendUpload([{ uploadId }, ...chunks("a")]);
  expect((await failureOf(call)).code).toBe("NOT_FOUND");
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject({ committed: 0n });
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.uploads.appendUpload([]));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
