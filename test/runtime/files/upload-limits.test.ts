import { expect, test } from "vitest";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { chunks } from "./store.ts";
import { start } from "./upload-store.ts";

test.each([
  [{ maxFileBytes: 9 }, "a file may have at most 9 bytes"],
  [{ quotaBytes: 9 }, "all files together may have at most 9 bytes"],
  [{ maxBytesPerOwner: 9 }, "a caller may have at most 9 bytes"],
])("refuses more than %j; what fits stays", async (limits, description) => {
  const { uploads, used } = await start(limits);
  const refused = { code: "RESOURCE_EXHAUSTED", rawMessage: description };
  expect(await failureOf(uploads.start("ada", "b", 10))).toMatchObject(refused);
  const { id } = await uploads.start("ada", "a");
  const failure = await failureOf(uploads.append("ada", id, 0, chunks("01234", "56789")));
  expect(failure).toMatchObject(refused);
  expect(await uploads.find("ada", id)).toMatchObject({ committed: 5 });
  expect(used()).toBe(5);
  await uploads.cancel("ada", id);
  expect(used()).toBe(0);
});

test("a size given at the start is the most that is taken", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a", 3);
  const failure = await failureOf(uploads.append("ada", id, 0, chunks("0123")));
  expect(failure.code).toBe("RESOURCE_EXHAUSTED");
  expect((await failureOf(uploads.start("ada", "b", -1))).code).toBe("INVALID_ARGUMENT");
});

test("an owner may have a limited number of unfinished uploads", async () => {
  const { uploads } = await start({ maxUploadsPerOwner: 2 });
  const { id } = await uploads.start("ada", "a");
  await uploads.start("ada", "b");
  expect((await failureOf(uploads.start("ada", "c"))).code).toBe("RESOURCE_EXHAUSTED");
  await uploads.start("grace", "c");
  await uploads.cancel("ada", id);
  await uploads.start("ada", "c");
});
