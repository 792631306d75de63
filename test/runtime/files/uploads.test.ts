import { expect, test } from "vitest";
import { failureOf, invalidFields } from "../../../runtime/src/testing/index.ts";
import { allNotFound, chunks, feed, leftovers, openStore, sha256 } from "./store.ts";
import { newFolder, start } from "./upload-store.ts";

const text = "0123456789";

test("one call sends all", async () => {
  const { uploads, ...store } = await start();
  const { id, committed, size } = await uploads.start("ada", "a", 10);
  expect({ committed, size }).toEqual({ committed: 0, size: 10 });
  expect(await uploads.append("ada", id, 0, chunks("01234", "56789"))).toMatchObject({
    committed: 10,
  });
  const file = await uploads.finish("ada", id, { sha256: sha256(text).toUpperCase() });
  expect(file).toMatchObject({ name: "a", size: 10, sha256: sha256(text) });
  expect(await store.text()).toBe(text);
  expect((await failureOf(uploads.find("ada", id))).code).toBe("NOT_FOUND");
});

test("an empty file needs no bytes", async () => {
  const { uploads, ...store } = await start();
  const { id } = await uploads.start("ada", "a");
  expect(await uploads.finish("ada", id)).toMatchObject({ size: 0, sha256: sha256("") });
  expect(await store.text()).toBe("");
});

test("continues after a failure, with the bytes that came before it", async () => {
  const { uploads, ...store } = await start();
  const { id } = await uploads.start("ada", "a");
  async function* broken() {
    yield Buffer.from("012345");
    throw new Error("the connection is lost");
  }
  await expect(uploads.append("ada", id, 0, broken())).rejects.toThrow("the connection is lost");
  const { committed } = await uploads.find("ada", id);
  expect(committed).toBe(6);
  await uploads.append("ada", id, committed, chunks("6789"));
  expect(await uploads.finish("ada", id)).toMatchObject({ size: 10, sha256: sha256(text) });
  expect(await store.text()).toBe(text);
});

test("continues after a restart of the server", async () => {
  const folder = newFolder();
  const first = await openStore(folder);
  const { id } = await first.uploads.start("ada", "a", 10);
  await first.uploads.append("ada", id, 0, chunks("012345"));
  await first.close();

  const restarted = await openStore(folder);
  expect(restarted.usedBytes).toBe(6);
  expect(await restarted.uploads.find("ada", id)).toMatchObject({
    name: "a",
    committed: 6,
    size: 10,
  });
  await restarted.uploads.append("ada", id, 6, chunks("6789"));
  expect(await restarted.uploads.finish("ada", id)).toMatchObject({ sha256: sha256(text) });
});

test("an earlier offset drops what was beyond it", async () => {
  const { uploads, used } = await start();
  const { id } = await uploads.start("ada", "a");
  await uploads.append("ada", id, 0, chunks("0123xxxxxxxx"));
  expect(used()).toBe(12);
  expect(await uploads.append("ada", id, 4, chunks("456789"))).toMatchObject({ committed: 10 });
  expect(used()).toBe(10);
  expect(await uploads.finish("ada", id)).toMatchObject({ sha256: sha256(text) });
});

test.each([-1, 1, 2 ** 53])("refuses the offset %i", async (offset) => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a");
  const failure = await failureOf(uploads.append("ada", id, offset, chunks("a")));
  expect(failure).toMatchObject({ code: "OUT_OF_RANGE" });
  expect(failure.rawMessage).toContain("0 to 0");
});

test("another call takes an upload over, and the first one ends", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a");
  const { source, send, untilAsked } = feed();
  const first = failureOf(uploads.append("ada", id, 0, source));
  await send("012345");
  await untilAsked();
  // The caller has lost the connection. The server does not know it yet.
  const { committed } = await uploads.find("ada", id);
  await uploads.append("ada", id, committed, chunks("6789"));
  expect(await first).toMatchObject({ code: "ABORTED" });
  expect(await uploads.finish("ada", id)).toMatchObject({ sha256: sha256(text) });
});

test("many calls at once do not mix their bytes", async () => {
  const { uploads, ...store } = await start();
  const { id } = await uploads.start("ada", "a");
  const calls = Array.from({ length: 10 }, (_, index) =>
    uploads.append("ada", id, 0, chunks(`${index}`.repeat(5), `${index}`.repeat(5))),
  );
  const ends = await Promise.allSettled(calls);
  const failed = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
  expect(failed.filter((code) => code !== "ABORTED")).toEqual([]);
  expect(failed.length).toBeLessThan(10);
  await uploads.finish("ada", id);
  expect(await store.text()).toMatch(/^(\d)\1{9}$/);
});

test("nobody else may look at, continue, finish or cancel an upload", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a");
  const { source, send, end } = feed();
  const own = uploads.append("ada", id, 0, source);
  await send("0123456789");
  await allNotFound([
    uploads.find("grace", id),
    uploads.append("grace", id, 0, chunks("x")),
    uploads.finish("grace", id),
    uploads.cancel("grace", id),
  ]);
  await end();
  expect(await own).toMatchObject({ committed: 10 });
});

test.each(["", "..", "../../files", `${"0".repeat(32)}-${"0".repeat(32)}`, "x".repeat(100_000)])(
  "there is no upload %j",
  async (id) => {
    const { uploads } = await start();
    await allNotFound([
      uploads.find("ada", id),
      uploads.append("ada", id, 0, chunks("x")),
      uploads.finish("ada", id),
      uploads.cancel("ada", id),
    ]);
  },
);

test("refuses to finish with bytes missing, and with other bytes; the upload stays", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a", 10);
  await uploads.append("ada", id, 0, chunks("01234"));
  expect(await failureOf(uploads.finish("ada", id))).toMatchObject({
    code: "FAILED_PRECONDITION",
    rawMessage: "the upload has 5 of 10 bytes",
  });
  await uploads.append("ada", id, 5, chunks("xxxxx"));
  const other = await failureOf(uploads.finish("ada", id, { sha256: sha256(text) }));
  expect(other.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(other)).toEqual(["sha256"]);
  await uploads.append("ada", id, 5, chunks("56789"));
  expect(await uploads.finish("ada", id, { sha256: sha256(text) })).toMatchObject({ size: 10 });
});

test("finishing again returns the same file", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a");
  await uploads.append("ada", id, 0, chunks(text));
  const file = await uploads.finish("ada", id);
  expect(await uploads.finish("ada", id)).toEqual(file);
  expect((await failureOf(uploads.finish("grace", id))).code).toBe("NOT_FOUND");
});

test("makes no file when the call has ended meanwhile", async () => {
  const { uploads } = await start();
  const { id } = await uploads.start("ada", "a");
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(uploads.finish("ada", id, { signal })).rejects.toThrow("too late");
  expect(await uploads.finish("ada", id)).toMatchObject({ size: 0 });
});

test("of two uploads for a name one becomes the file; the other stays, and can be cancelled", async () => {
  const folder = newFolder();
  const { uploads } = await openStore(folder);
  const first = await uploads.start("ada", "a");
  const second = await uploads.start("ada", "a", 3);
  await uploads.append("ada", first.id, 0, chunks(text));
  await uploads.append("ada", second.id, 0, chunks("two"));
  const ends = await Promise.allSettled([
    uploads.finish("ada", first.id),
    uploads.finish("ada", second.id),
  ]);
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const loser = ends[0]?.status === "rejected" ? first : second;
  expect(await failureOf(uploads.finish("ada", loser.id))).toMatchObject({
    code: "ALREADY_EXISTS",
  });
  expect(await uploads.find("ada", loser.id)).toMatchObject({ size: loser.size });
  await uploads.cancel("ada", loser.id);
  expect((await failureOf(uploads.find("ada", loser.id))).code).toBe("NOT_FOUND");
  expect(leftovers(folder)).toEqual([]);
});

test("removes abandoned uploads, and none that a call has", async () => {
  let now = Date.now();
  const folder = newFolder();
  const store = await openStore(folder, { clock: () => new Date(now), uploadTtlMs: 60_000 });
  const { uploads } = store;
  const abandoned = await uploads.start("ada", "a");
  await uploads.append("ada", abandoned.id, 0, chunks("some"));
  const running = await uploads.start("ada", "b");
  const { source, send, end, untilAsked } = feed();
  const append = uploads.append("ada", running.id, 0, source);
  await send(text);
  await untilAsked();
  const { expiresAt } = await uploads.find("ada", abandoned.id);

  now = expiresAt.getTime() - 1;
  expect(await uploads.removeAbandoned()).toBe(0);
  now = Date.now() + 120_000;
  expect(await uploads.removeAbandoned()).toBe(1);
  expect((await failureOf(uploads.find("ada", abandoned.id))).code).toBe("NOT_FOUND");
  expect(store.usedBytes).toBe(10);
  expect(leftovers(folder)).toEqual([]);
  await end();
  expect(await append).toMatchObject({ committed: 10 });
});
