import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

test("says where to continue, also after a restart of the server", async () => {
  const { uploadId } = await app.ada.uploads.startUpload({ name: "a", size: 10n });
  await app.ada.uploads.appendUpload([{ uploadId }, ...chunks("012", "345")]);
  const expected = { uploadId, name: "a", committed: 6n, size: 10n };
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject(expected);
  await app.restart();
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject(expected);
});

test("returns NOT_FOUND for an unknown id, and for the upload of another caller", async () => {
  const { uploadId } = await app.ada.uploads.startUpload({ name: "a" });
  const unknown = app.ada.uploads.getUpload({ uploadId: "../../files" });
  expect((await failureOf(unknown)).code).toBe("NOT_FOUND");
  const other = app.grace.uploads.getUpload({ uploadId });
  expect((await failureOf(other)).code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.uploads.getUpload({ uploadId: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
