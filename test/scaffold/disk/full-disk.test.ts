import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeChanges } from "../../../src/scaffold/disk/write.ts";
import { proto, quick, readFiles, run, temporaryFolder } from "../support.ts";

const disk = vi.hoisted(() => ({
  /** How many more files can be written before the disk is full. */
  room: Number.POSITIVE_INFINITY,
  /** How long it takes to write one. */
  delayMs: 0,
  /** How many are being written. */
  writing: 0,
}));

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const refusing = <Args extends unknown[], Result>(write: (...args: Args) => Promise<Result>) => {
    return async (...args: Args) => {
      if (disk.room-- > 0) {
        disk.writing += 1;
        if (disk.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, disk.delayMs));
        return await write(...args).finally(() => {
          disk.writing -= 1;
        });
      }
      const error = new Error("ENOSPC: no space left on device, write");
      throw Object.assign(error, { code: "ENOSPC" });
    };
  };
  return {
    ...original,
    writeFile: refusing(original.writeFile),
    copyFile: refusing(original.copyFile),
  };
});

const line = /^create-grpc-service: .*no space left on.*\n$/;
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await writeFile(join(cwd, "a.proto"), proto("a"));
});

afterEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  disk.delayMs = 0;
});

async function refusal(...args: string[]): Promise<void> {
  // A write that fails does not wait for those that go on.
  disk.delayMs = 20;
  const { code, notes, output } = await run(args, { cwd });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  // What is written after the clean-up stays, or keeps it from removing a folder.
  expect(disk.writing).toBe(0);
  expect(notes).toMatch(line);
}

describe("a disk that is full", () => {
  // The first file is the proto that the compiler gets, in the system's folder for such.
  test.each([0, 1, 2, 20])("after %i files: nothing is left of a new project", async (room) => {
    disk.room = room;
    await refusal("deep/demo", ...quick, "--proto", "a.proto");
    expect(await readdir(cwd)).toEqual(["a.proto"]);
  });

  test("nothing is left in a folder that was there", async () => {
    await mkdir(join(cwd, "demo"));
    disk.room = 20;
    await refusal("demo", ...quick, "--proto", "a.proto");
    expect(await readdir(join(cwd, "demo"))).toEqual([]);
  });

  test("whichever file does not fit: a project is what it was", async () => {
    await run(["demo", ...quick, "--proto", "a.proto"], { cwd });
    const two = "rpc Get(M) returns (M); rpc Do(M) returns (M);";
    await writeFile(join(cwd, "a.proto"), proto("a", two));
    const before = await readFiles(cwd);
    const args = ["demo", "--proto", "a.proto", "--force"];
    let room = 0;
    const hasRoom = async () => {
      disk.room = room;
      const { code, notes } = await run(args, { cwd });
      if (code !== 0)
        expect({ code, notes }).toEqual({ code: 2, notes: expect.stringMatching(line) });
      return code === 0;
    };
    while (!(await hasRoom())) {
      expect(await readFiles(cwd), `room for ${room} files`).toEqual(before);
      room++;
    }
    // Compiled, staged and moved into place: each failed once.
    expect(room).toBeGreaterThan(8);
  });
});

/** A real disk of 96 KB, for root only. */
function mountDisk(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=96k", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a real disk of 96 KB, where one can be mounted", async ({ skip }) => {
  const folder = join(cwd, "disk");
  await mkdir(folder);
  if (!mountDisk(folder)) skip("this user cannot mount a disk");
  try {
    await refusal("disk/demo", ...quick, "--proto", "a.proto");
    expect(await readdir(folder)).toEqual([]);
    // There is room again: what was written is gone.
    const target = { path: join(folder, "demo"), shown: "demo", kind: "new" } as const;
    const create = new Map([["a.txt", "x".repeat(64 * 1024)]]);
    const changes = { create, update: new Map(), remove: [] };
    await writeChanges(target, changes, new AbortController().signal);
    expect((await readFile(join(folder, "demo/a.txt"))).length).toBe(64 * 1024);
  } finally {
    execFileSync("umount", [folder]);
    await rm(folder, { recursive: true });
  }
});
