import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { chunks, named, useFileTestApp } from "../../file-test-app.ts";

const app = useFileTestApp();

test("returns each file once, page by page", async () => {
  const names = Array.from({ length: 5 }, (_, index) => `file ${index}`);
  for (const name of names) await app.ada.files.upload(chunks(name), named(name));
  await app.grace.files.upload(chunks("not of ada"), named("other"));
  const seen: string[][] = [];
  let pageToken = "";
  do {
    const page = await app.ada.files.listFiles({ pageSize: 2, pageToken });
    seen.push(page.files.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(seen.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(seen.flat().sort()).toEqual(names);
});

test("a caller without files has an empty page", async () => {
  expect(await app.ada.files.listFiles({})).toMatchObject({ files: [], nextPageToken: "" });
});

test.each([
  [{ pageSize: -1 }, "page_size"],
  [{ pageToken: "../.." }, "page_token"],
])("refuses %j", async (request, field) => {
  const failure = await failureOf(app.ada.files.listFiles(request));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual([field]);
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.files.listFiles({}));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
