import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

test("removes the upload with its bytes", async () => {
  const { uploadId } = await app.ada.uploads.startUpload({ name: "a" });
  await app.ada.uploads.appendUpload([{ uploadId }, ...chunks("hello")]);
  await app.ada.uploads.cancelUpload({ uploadId });
  expect(app.store.usedBytes).toBe(0);
  expect((await failureOf(app.ada.uploads.getUpload({ uploadId }))).code).toBe("NOT_FOUND");
  expect((await failureOf(app.ada.uploads.cancelUpload({ uploadId }))).code).toBe("NOT_FOUND");
});

test("nobody else can remove it", async () => {
  const { uploadId } = await app.ada.uploads.startUpload({ name: "a" });
  const call = app.grace.uploads.cancelUpload({ uploadId });
  expect((await failureOf(call)).code).toBe("NOT_FOUND");
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject({ committed: 0n });
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.uploads.cancelUpload({ uploadId: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
