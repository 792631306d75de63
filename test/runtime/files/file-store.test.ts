import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QuotaFailureSchema } from "../../../runtime/src/error-details.ts";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { allNotFound, chunks, feed, leftovers, openStore, sha256, textOf } from "./store.ts";

const newFolder = temporaryFolders();

test("keeps a file with its size, SHA-256 and time", async () => {
  const clock = () => new Date("2026-11-30T12:00:00Z");
  const store = await openStore(newFolder(), { clock });
  const file = { name: "독서.txt", size: 11, sha256: sha256("hello world"), createdAt: clock() };
  expect(await store.put("ada", "독서.txt", chunks("hello", " ", "world"))).toEqual(file);
  expect(await store.find("ada", "독서.txt")).toEqual(file);
  expect(await textOf(store.read("ada", "독서.txt"))).toBe("hello world");
  expect(store.usedBytes).toBe(11);
});

test.each([[[]], [[""]]])("an empty file from %j", async (texts) => {
  const store = await openStore(newFolder());
  expect(await store.put("ada", "empty", chunks(...texts))).toMatchObject({ size: 0 });
  expect(await textOf(store.read("ada", "empty"))).toBe("");
});

test("a name with thousands of accents on one letter takes no time", async () => {
  const store = await openStore(newFolder());
  const name = `a${"\u0301".repeat(20_000)}${"\u0323".repeat(20_000)}`;
  const before = process.cpuUsage();
  await allNotFound([store.find("ada", name), store.read("ada", name), store.delete("ada", name)]);
  expect((await failureOf(store.put("ada", name, chunks()))).code).toBe("INVALID_ARGUMENT");
  expect(process.cpuUsage(before).user).toBeLessThan(500_000);
});

test("keeps files over a restart, and removes what was half-written", async () => {
  const folder = newFolder();
  const first = await openStore(folder);
  await first.put("ada", "a", chunks("kept"));
  const { source, send, end, untilAsked } = feed();
  const unfinished = failureOf(first.put("ada", "b", source));
  await send("lost");
  await untilAsked();
  expect(leftovers(folder)).toHaveLength(1);

  // As if the first one had been killed.
  await first.close();
  const second = await openStore(folder);
  expect(await textOf(second.read("ada", "a"))).toBe("kept");
  expect(second.usedBytes).toBe(4);
  expect(leftovers(folder)).toEqual([]);
  await end();
  await unfinished;
});

test("is for one server at a time", async () => {
  const folder = newFolder();
  await openStore(folder);
  await expect(openStore(folder)).rejects.toThrow(`in use by the process ${process.pid}`);
});

test("owners see their own files only", async () => {
  const store = await openStore(newFolder());
  await store.put("ada", "a", chunks("of ada"));
  await store.put("grace", "a", chunks("of grace"));
  expect(await textOf(store.read("grace", "a"))).toBe("of grace");
  await store.delete("grace", "a");
  expect(await textOf(store.read("ada", "a"))).toBe("of ada");
  await allNotFound([
    store.find("grace", "a"),
    store.read("grace", "a"),
    store.delete("grace", "a"),
  ]);
  expect((await store.list("grace", { limit: 10 })).files).toEqual([]);
});

test("of several calls for a name, the first to end wins, and nothing is left of the others", async () => {
  const folder = newFolder();
  const store = await openStore(folder);
  const calls = Array.from({ length: 8 }, (_, index) =>
    store.put("ada", "a", chunks(`text ${index}`)),
  );
  const ends = await Promise.allSettled(calls);
  const won = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  expect(won).toHaveLength(1);
  expect(
    ends.filter((end) => end.status === "rejected" && end.reason.code === "ALREADY_EXISTS"),
  ).toHaveLength(7);
  expect(await store.find("ada", "a")).toEqual(won[0]);
  expect(sha256(await textOf(store.read("ada", "a")))).toBe(won[0]?.sha256);
  expect(leftovers(folder)).toEqual([]);
  expect(store.usedBytes).toBe(6);
});

test("a name that is taken is refused before the first byte", async () => {
  const store = await openStore(newFolder());
  await store.put("ada", "\u00e9", chunks("a"));
  const { source } = feed();
  const failure = await failureOf(store.put("ada", "e\u0301", source));
  expect(failure).toMatchObject({ code: "ALREADY_EXISTS" });
});

test("a caller that fails leaves nothing", async () => {
  const folder = newFolder();
  const store = await openStore(folder);
  async function* failing() {
    yield Buffer.from("some bytes");
    throw new Error("the caller has left");
  }
  await expect(store.put("ada", "a", failing())).rejects.toThrow("the caller has left");
  expect(leftovers(folder)).toEqual([]);
  expect(store.usedBytes).toBe(0);
  expect((await failureOf(store.find("ada", "a"))).code).toBe("NOT_FOUND");
});

test("makes no file when the call has ended meanwhile", async () => {
  const folder = newFolder();
  const store = await openStore(folder);
  const signal = AbortSignal.abort(new Error("the deadline has passed"));
  await expect(store.put("ada", "a", chunks("a"), signal)).rejects.toThrow("deadline");
  expect(leftovers(folder)).toEqual([]);
});

test.each([
  [{ maxFileBytes: 10 }, "a file may have at most 10 bytes"],
  [{ quotaBytes: 14 }, "all files together may have at most 14 bytes"],
  [{ maxBytesPerOwner: 14 }, "a caller may have at most 14 bytes"],
  [{ maxFilesPerOwner: 1 }, "a caller may have at most 1 files"],
])("refuses more than %j, and leaves nothing", async (limits, description) => {
  const folder = newFolder();
  const store = await openStore(folder, limits);
  await store.put("ada", "a", chunks("12345"));
  const failure = await failureOf(store.put("ada", "b", chunks("12345", "67890", "1")));
  expect(failure).toMatchObject({ code: "RESOURCE_EXHAUSTED", rawMessage: description });
  expect(failure.findDetails(QuotaFailureSchema)).toHaveLength(1);
  expect(leftovers(folder)).toEqual([]);
  expect(store.usedBytes).toBe(5);
  await store.delete("ada", "a");
  expect(store.usedBytes).toBe(0);
  expect(await store.put("ada", "b", chunks("12345", "67890"))).toMatchObject({ size: 10 });
});

test.each([
  [{}, "0123456789"],
  [{ offset: 3 }, "3456789"],
  [{ offset: 3, length: 4 }, "3456"],
  [{ offset: 8, length: 4 }, "89"],
  [{ length: 0 }, ""],
  [{ offset: 10 }, ""],
  [{ sha256: sha256("0123456789").toUpperCase() }, "0123456789"],
])("reads %j", async (range, text) => {
  const store = await openStore(newFolder());
  await store.put("ada", "a", chunks("0123456789"));
  expect(await textOf(store.read("ada", "a", range))).toBe(text);
});

test.each([
  [{ offset: 11 }, "OUT_OF_RANGE"],
  [{ offset: -1 }, "OUT_OF_RANGE"],
  [{ length: -1 }, "OUT_OF_RANGE"],
  [{ sha256: sha256("other") }, "FAILED_PRECONDITION"],
])("refuses to read %j", async (range, code) => {
  const store = await openStore(newFolder());
  await store.put("ada", "a", chunks("0123456789"));
  expect((await failureOf(store.read("ada", "a", range))).code).toBe(code);
});

test("a reader reads on when the file is removed and replaced", async () => {
  const store = await openStore(newFolder());
  const text = "x".repeat(300_000);
  await store.put("ada", "a", chunks(text));
  const reading = store.read("ada", "a");
  const first = await reading.next();
  await store.delete("ada", "a");
  await store.put("ada", "a", chunks("y".repeat(300_000)));
  expect(`${first.value}${await textOf(reading)}`).toBe(text);
});

test("lists page by page, each file once", async () => {
  const store = await openStore(newFolder());
  const names = Array.from({ length: 7 }, (_, index) => `file ${index}`);
  for (const name of names) await store.put("ada", name, chunks(name));
  const seen: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.list("ada", { limit: 3, after });
    seen.push(page.files.map(({ name }) => name));
    after = page.next;
  } while (after !== undefined);
  expect(seen.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(seen.flat().sort()).toEqual(names);
  const failure = await failureOf(store.list("ada", { limit: 3, after: "../.." }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
});

test("hostile names reach no path", async () => {
  const store = await openStore(newFolder());
  for (const name of ["../../etc/passwd", "/etc/passwd", "a\0", "", "x".repeat(100_000)]) {
    expect((await failureOf(store.put("ada", name, chunks("a")))).code).toBe("INVALID_ARGUMENT");
    await allNotFound([
      store.find("ada", name),
      store.read("ada", name),
      store.delete("ada", name),
    ]);
  }
  for (const owner of ["../..", "/", "", "\0", "x".repeat(100_000)]) {
    await store.put(owner, "a", chunks(owner));
    expect(await textOf(store.read(owner, "a"))).toBe(owner);
  }
});

test.skipIf(process.platform === "win32")("nobody else on the machine may read", async () => {
  const folder = newFolder();
  const store = await openStore(folder);
  await store.put("ada", "a", chunks("secret"));
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(entries.length).toBeGreaterThan(5);
  for (const entry of entries) expect(statSync(join(folder, entry)).mode & 0o077, entry).toBe(0);
});

test("without a folder, files are in a temporary one until the store is closed", async () => {
  const store = await openStore("unused", { folder: undefined });
  await store.put("ada", "a", chunks("a"));
  await store.close();
  expect(await failureOf(store.find("ada", "a"))).toMatchObject({ code: "NOT_FOUND" });
});
