import { timestampDate } from "@bufbuild/protobuf/wkt";
import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { sha256Of } from "../../../src/client/chunks.ts";
import { chunks, named, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

test("describes the file", async () => {
  const before = Date.now();
  await app.ada.files.upload(chunks("hello"), named("a"));
  const { createTime, ...file } = await app.ada.files.getFile({ name: "a" });
  const sha256 = await sha256Of([Buffer.from("hello")]);
  expect(file).toMatchObject({ name: "a", size: 5n, sha256 });
  const created = createTime === undefined ? 0 : timestampDate(createTime).getTime();
  expect(created).toBeGreaterThanOrEqual(before);
});

test("returns NOT_FOUND for an unknown name, and for the file of another caller", async () => {
  await app.ada.files.upload(chunks("hello"), named("a"));
  expect((await failureOf(app.ada.files.getFile({ name: "b" }))).code).toBe("NOT_FOUND");
  expect((await failureOf(app.grace.files.getFile({ name: "a" }))).code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.files.getFile({ name: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
