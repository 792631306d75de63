import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { sha256Of } from "../../../src/client/chunks.ts";
import { chunks, named, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

/** An upload of 5 bytes. */
async function upload(size?: bigint): Promise<string> {
  const request = { name: "a", ...(size !== undefined && { size }) };
  const { uploadId } = await app.ada.uploads.startUpload(request);
  await app.ada.uploads.appendUpload([{ uploadId }, ...chunks("hello")]);
  return uploadId;
}

test("makes a file, and returns it again when it is repeated", async () => {
  const uploadId = await upload(5n);
  const sha256 = await sha256Of([Buffer.from("hello")]);
  const file = await app.ada.uploads.finishUpload({ uploadId, sha256 });
  expect(file).toMatchObject({ name: "a", size: 5n, sha256 });
  expect(await app.ada.uploads.finishUpload({ uploadId, sha256 })).toEqual(file);
  expect(await app.ada.files.getFile({ name: "a" })).toEqual(file);
});

test("an upload without bytes is an empty file", async () => {
  const { uploadId } = await app.ada.uploads.startUpload({ name: "a", size: 0n });
  expect(await app.ada.uploads.finishUpload({ uploadId })).toMatchObject({ size: 0n });
});

test("refuses another SHA-256, and another size", async () => {
  const uploadId = await upload(6n);
  const short = await failureOf(app.ada.uploads.finishUpload({ uploadId }));
  expect(short.code).toBe("FAILED_PRECONDITION");
  await app.ada.uploads.appendUpload([{ uploadId, offset: 5n }, ...chunks("!")]);
  const sha256 = await sha256Of([Buffer.from("hello?")]);
  const other = await failureOf(app.ada.uploads.finishUpload({ uploadId, sha256 }));
  expect(other.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(other)).toEqual(["sha256"]);
});

test("refuses a name that was taken meanwhile", async () => {
  const uploadId = await upload();
  await app.ada.files.upload(chunks("first"), named("a"));
  const failure = await failureOf(app.ada.uploads.finishUpload({ uploadId }));
  expect(failure.code).toBe("ALREADY_EXISTS");
  expect(await app.ada.uploads.getUpload({ uploadId })).toMatchObject({ committed: 5n });
});

test("nobody else can finish it", async () => {
  const uploadId = await upload();
  const call = app.grace.uploads.finishUpload({ uploadId });
  expect((await failureOf(call)).code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.uploads.finishUpload({ uploadId: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
