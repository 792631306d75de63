import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { lockFolder } from "../../../runtime/src/files/folder-lock.ts";
import { showLife } from "../../../runtime/src/files/lock-holder.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const newFolder = temporaryFolders();
const place = () => join(newFolder(), "lock");

test("keeps a second owner away, and names the process of the first", async () => {
  const path = place();
  const lock = await lockFolder(path, "the store");
  await expect(lockFolder(path, "the store")).rejects.toThrow(
    `the store is in use by the process ${process.pid}`,
  );
  await lock.release();
  await (await lockFolder(path, "the store")).release();
});

test("waits for a server that is being restarted", async () => {
  const path = place();
  const lock = await lockFolder(path, "the store");
  const waiting = lockFolder(path, "the store");
  await lock.release();
  await (await waiting).release();
});

test.each([
  ["a process that has ended", "999999999"],
  ["a process of a container that was killed and had the id of this one", `${process.pid}`],
  ["nobody", "no number"],
  ["a process that ended before it had written its id", ""],
])("does not count for %s", async (_, holder) => {
  const path = place();
  await writeFile(path, holder);
  await (await lockFolder(path, "the store")).release();
});

test("of several that find a lock that was left, one has it", async () => {
  const path = place();
  await writeFile(path, "999999999");
  const locks = Array.from({ length: 5 }, () => lockFolder(path, "the store"));
  const ends = await Promise.allSettled(locks);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a lock that is just being written counts", async () => {
  const path = place();
  await writeFile(path, "");
  const waiting = lockFolder(path, "the store");
  await delay(200);
  await writeFile(path, `${process.ppid}`);
  await expect(waiting).rejects.toThrow(`in use by the process ${process.ppid}`);
});

const boot = async () => (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
const isLinux = process.platform === "linux";

test.skipIf(process.platform === "win32")(
  "a process of another container that has the same id and host keeps its lock while it lives",
  async () => {
    const path = place();
    const other = await showLife(path);
    await writeFile(path, other.text);
    await expect(lockFolder(path, "the store")).rejects.toThrow(
      `the store is in use by the process ${process.pid}`,
    );
    await other.end();
    await (await lockFolder(path, "the store")).release();
    expect(await readdir(dirname(path))).toEqual([]);
  },
);

test("a lock of another machine stays until somebody removes it", async () => {
  const path = place();
  await writeFile(path, "1\nfar\nits boot\n0123abcd");
  await expect(lockFolder(path, "the store")).rejects.toThrow(
    `the store may be in use by the process 1 of the host far: if that one has ended, remove ${path}`,
  );
});

test.runIf(isLinux)(
  "without a socket, the id of a process counts on its own host only",
  async () => {
    const path = place();
    await writeFile(path, `${process.pid}\nfar\n${await boot()}\n`);
    await expect(lockFolder(path, "the store")).rejects.toThrow("may be in use by the process");
  },
);

test.runIf(isLinux).each([
  ["of another container of this machine that has ended", "far", boot],
  ["from before this machine was restarted", hostname(), async () => "another boot"],
])("does not count %s", async (_, host, bootOf) => {
  const path = place();
  await writeFile(path, `1\n${host}\n${await bootOf()}\n0123abcd`);
  await (await lockFolder(path, "the store")).release();
});

test("does not count for a process that was killed, of which nothing is left then", async () => {
  const path = place();
  const program = join(import.meta.dirname, "killed-owner.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, path], { stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect(await readdir(dirname(path))).toContain("lock");
  await (await lockFolder(path, "the store")).release();
  expect(await readdir(dirname(path))).toEqual([]);
});
