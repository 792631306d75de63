import { expect, test } from "vitest";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { chunks, leftovers, openStore, sha256 } from "./store.ts";

const newFolder = temporaryFolders();
const names = Array.from({ length: 20 }, (_, index) => `file ${index}`);

/** The statuses of calls that run at the same time. */
async function codesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.all(
    calls.map((call) =>
      call.then(
        () => "OK",
        async () => (await failureOf(call)).code,
      ),
    ),
  );
  return outcomes.sort();
}

const threeOf20 = [...Array<string>(3).fill("OK"), ...Array<string>(17).fill("RESOURCE_EXHAUSTED")];

test("concurrent calls make no more files than allowed", async () => {
  const folder = newFolder();
  const store = await openStore(folder, { maxFilesPerOwner: 3 });
  const puts = names.map((name) => store.put("ada", name, chunks("12345")));
  expect(await codesOf(puts)).toEqual(threeOf20);
  expect((await store.list("ada", { limit: 100 })).files).toHaveLength(3);
  expect(store.usedBytes).toBe(15);
  expect(leftovers(folder)).toEqual([]);
});

test("concurrent calls finish no more uploads than allowed, and keep the others", async () => {
  const store = await openStore(newFolder(), { maxFilesPerOwner: 3 });
  const started = await Promise.all(names.map((name) => store.uploads.start("ada", name)));
  const finishes = started.map(({ id }) => store.uploads.finish("ada", id));
  expect(await codesOf(finishes)).toEqual(threeOf20);
  const [{ name } = { name: "" }] = (await store.list("ada", { limit: 1 })).files;
  await store.delete("ada", name);
  const again = started.filter((upload) => upload.name !== name);
  const later = await codesOf(again.map(({ id }) => store.uploads.finish("ada", id)));
  // Two are files already.
  expect(later.filter((code) => code === "OK")).toHaveLength(3);
});

test("concurrent calls start no more uploads than allowed", async () => {
  const folder = newFolder();
  const store = await openStore(folder, { maxUploadsPerOwner: 3 });
  const starts = names.map((name) => store.uploads.start("ada", name));
  expect(await codesOf(starts)).toEqual(threeOf20);
  expect(leftovers(folder)).toEqual([]);
  await store.uploads.start("grace", "a");
});

test("an upload that two calls finish at the same time is one file for both", async () => {
  const { uploads } = await openStore(newFolder());
  const { id } = await uploads.start("ada", "a");
  await uploads.append("ada", id, 0, chunks("01234"));
  const finish = () => uploads.finish("ada", id, { sha256: sha256("01234") });
  const [first, second] = await Promise.all([finish(), finish()]);
  expect(second).toEqual(first);
});

test("a name that is deleted while it is stored leaves no byte counted", async () => {
  const store = await openStore(newFolder(), { maxBytesPerOwner: 1_000 });
  const putting = new AbortController();
  const put = async () => {
    for (let count = 0; count < 150; count += 1) {
      await store.put("ada", "a", chunks("12345")).catch(() => {});
    }
  };
  const remove = async () => {
    while (!putting.signal.aborted) await store.delete("ada", "a").catch(() => {});
  };
  const removing = [remove(), remove()];
  await Promise.all([put(), put()]).finally(() => putting.abort());
  await Promise.all(removing);
  await store.delete("ada", "a").catch(() => {});
  expect(store.usedBytes).toBe(0);
});
