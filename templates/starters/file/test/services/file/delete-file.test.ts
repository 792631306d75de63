import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, named, textOf, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

test("removes the file, and its name is free again", async () => {
  await app.ada.files.upload(chunks("old"), named("a"));
  await app.ada.files.deleteFile({ name: "a" });
  expect(app.store.usedBytes).toBe(0);
  expect((await failureOf(app.ada.files.getFile({ name: "a" }))).code).toBe("NOT_FOUND");
  await app.ada.files.upload(chunks("new"), named("a"));
  expect(await textOf(app.ada.files.download({ name: "a" }))).toBe("new");
});

test("nobody else can remove it", async () => {
  await app.ada.files.upload(chunks("hello"), named("a"));
  expect((await failureOf(app.grace.files.deleteFile({ name: "a" }))).code).toBe("NOT_FOUND");
  expect(await textOf(app.ada.files.download({ name: "a" }))).toBe("hello");
});

test("returns NOT_FOUND for an unknown name", async () => {
  expect((await failureOf(app.ada.files.deleteFile({ name: "a" }))).code).toBe("NOT_FOUND");
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.files.deleteFile({ name: "a" }));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
