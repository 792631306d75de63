import { timestampDate } from "@bufbuild/protobuf/wkt";
import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, named, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp({
  FILES_MAX_FILE_BYTES: "1000",
  FILES_MAX_UPLOADS_PER_CALLER: "2",
  FILES_UPLOAD_TTL_MS: "3600000",
});

test("starts with nothing, and says when it ends", async () => {
  const before = Date.now();
  const upload = await app.ada.uploads.startUpload({ name: "독서.txt", size: 10n });
  expect(upload).toMatchObject({ name: "독서.txt", committed: 0n, size: 10n });
  const { expireTime } = upload;
  const expires = expireTime === undefined ? 0 : timestampDate(expireTime).getTime();
  expect(expires - before).toBeGreaterThan(3_590_000);
});

test.each([
  ["a path", { name: "../a" }, ["name"]],
  ["no name", { name: "" }, ["name"]],
  ["a negative size", { name: "a", size: -1n }, ["size"]],
])("refuses %s", async (_, request, fields) => {
  const failure = await failureOf(app.ada.uploads.startUpload(request));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(fields);
});

test("refuses a name that is taken, and a file that is too large", async () => {
  await app.ada.files.upload(chunks("hello"), named("a"));
  const taken = await failureOf(app.ada.uploads.startUpload({ name: "a" }));
  expect(taken.code).toBe("ALREADY_EXISTS");
  const large = await failureOf(app.ada.uploads.startUpload({ name: "b", size: 1001n }));
  expect(large.code).toBe("RESOURCE_EXHAUSTED");
});

test("a caller has so many unfinished uploads at most", async () => {
  await app.ada.uploads.startUpload({ name: "a" });
  await app.ada.uploads.startUpload({ name: "b" });
  const failure = await failureOf(app.ada.uploads.startUpload({ name: "c" }));
  expect(failure.code).toBe("RESOURCE_EXHAUSTED");
  await app.grace.uploads.startUpload({ name: "c" });
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.uploads.startUpload({ name: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
