import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import {
  lockName,
  lockVariable,
  withProjectLock,
} from "../../../src/scaffold/disk/project-lock.ts";
import type { Host } from "../../../src/terminal/host.ts";
import { runCommand } from "../../commands/support/run-command.ts";
import { proto, quick, run, temporaryFolder, writeFiles } from "../support.ts";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
});

const host: Host = {
  cwd: "",
  env: {},
  interactive: false,
  columns: 80,
  signal: new AbortController().signal,
  print: () => undefined,
  note: () => undefined,
};

/** The lock as another process has it. */
async function lockOf(pid: number, on = hostname()): Promise<void> {
  await mkdir(join(root, lockName));
  const name = `${pid},${encodeURIComponent(on)},grpc-service%20upgrade,0`;
  await writeFile(join(root, lockName, name), "");
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

const locked = (work: (host: Host) => Promise<string> = async () => "done") =>
  withProjectLock(root, "grpc-service sync", host, work);

test("only one run writes, and the next one may when it has ended", async () => {
  await locked(async () => {
    await expect(locked()).rejects.toThrow(
      `grpc-service sync (process ${process.pid}) is writing to this project; wait until it has ended. If that process is another program, remove ${lockName}`,
    );
    // A lock that is left behind is not committed.
    expect(await readFile(join(root, lockName, ".gitignore"), "utf8")).toBe("*\n");
    return "";
  });
  expect(await readdir(root)).toEqual([]);
  expect(await locked()).toBe("done");
});

test("a run that fails releases it", async () => {
  await expect(locked(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await readdir(root)).toEqual([]);
});

test("a command that the holder starts is let in", async () => {
  const nested = await locked((inner) => {
    expect(inner.env[lockVariable]).toMatch(/^\d+,/);
    return withProjectLock(root, "grpc-service sync", inner, async () => "nested");
  });
  expect(nested).toBe("nested");
  const stale = { ...host, env: { [lockVariable]: "1,x,y,z" } };
  expect(await withProjectLock(root, "sync", stale, async () => "alone")).toBe("alone");
});

test("the lock of a process that has ended is taken over", async () => {
  await lockOf(await deadProcess());
  expect(await locked()).toBe("done");
  expect(await readdir(root)).toEqual([]);
});

test("the lock of a process whose parent never asks for its status is taken over", async () => {
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [line] = await once(parent.stdout, "data");
    const pid = Number(line);
    const state = async () => (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.[0];
    await expect.poll(state).toBe("Z");
    await lockOf(pid);
    expect(await locked()).toBe("done");
  } finally {
    parent.kill();
  }
});

test("the number of this process in a lock of another run does not count", async () => {
  await lockOf(process.pid);
  expect(await locked()).toBe("done");
});

test("a lock without a holder is taken over", async () => {
  await writeFiles(root, { [`${lockName}/.gitignore`]: "*\n", [`${lockName}/.DS_Store`]: "" });
  expect(await locked()).toBe("done");
});

test("what runs left that were killed just before or after they had it is removed", async () => {
  await writeFiles(root, { [`${lockName}-a1/.gitignore`]: "", [`${lockName}-b2/1,h,c,0a`]: "" });
  await withProjectLock(root, "one", host, async () => {
    expect(await readdir(root)).toEqual([lockName]);
  });
  expect(await readdir(root)).toEqual([]);
});

test("a living process and one of another machine keep theirs", async () => {
  await lockOf(process.ppid);
  await expect(locked()).rejects.toThrow(`grpc-service upgrade (process ${process.ppid}) is`);
  root = await temporaryFolder();
  await lockOf(await deadProcess(), "build box");
  await expect(locked()).rejects.toThrow(/\(process \d+ on build box\) is writing/);
});

test("of 50 runs that take over one lock, one writes at a time", async () => {
  await lockOf(await deadProcess());
  let running = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      locked(async () => {
        running++;
        expect(running).toBe(1);
        await readdir(root);
        running--;
        return "done";
      }),
    ),
  );
  const failed = outcomes.flatMap((each) =>
    each.status === "rejected" ? [each.reason.message] : [],
  );
  expect(failed.length).toBeLessThan(50);
  for (const message of failed) expect(message).toMatch(/writing to this project/);
  expect(await readdir(root)).toEqual([]);
});

test("every command that writes refuses while another one does, and changes nothing", async () => {
  const cwd = root;
  await writeFiles(cwd, { "user.proto": proto("user") });
  expect((await run(["demo", ...quick, "--proto", "user.proto"], { cwd })).code).toBe(0);
  root = join(cwd, "demo");
  await lockOf(process.ppid);
  const before = await readdir(root, { recursive: true });
  const refused = {
    code: 2,
    output: "",
    notes: expect.stringMatching(/: grpc-service upgrade \(process \d+\) is writing .*\n$/),
  };
  for (const args of [
    ["upgrade"],
    ["sync"],
    ["add", "redis"],
    ["add", "rpc", "UserService/Put"],
    ["secrets"],
    ["certs"],
  ]) {
    expect({ args, ...(await runCommand(args, { cwd: root })) }).toEqual({ args, ...refused });
  }
  expect(await run(["."], { cwd: root })).toEqual(refused);
  expect(await readdir(root, { recursive: true })).toEqual(before);
  expect((await runCommand(["sync", "--check"], { cwd: root })).notes).not.toContain("is writing");
});
