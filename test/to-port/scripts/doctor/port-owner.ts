import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Who listens on a TCP port, as `pid 4711 (node dist/main.js)`, as far as this system tells this
 * user; undefined when it does not.
 */
export async function portOwner(port: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") return await fromProc(port);
    if (process.platform === "win32") return await fromNetstat(port);
    return await fromLsof(port);
  } catch {
    return undefined;
  }
}

/** The sockets of the kernel's table have numbers, which the open files of a process name. */
async function fromProc(port: number): Promise<string | undefined> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  // Columns: number, local address, remote address, state (0A: listening), ... inode.
  const sockets = tables
    .join("\n")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === "0A")
    .map((columns) => `socket:[${columns[9]}]`);
  if (sockets.length === 0) return undefined;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      if (!sockets.includes(target)) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
      return describe(pid, command.replaceAll("\0", " "));
    }
  }
  return undefined;
}

async function fromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await run("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"]);
  const [pid = ""] = stdout.split("\n", 1);
  const command = await run("ps", ["-o", "command=", "-p", pid]);
  return describe(pid, command.stdout);
}

async function fromNetstat(port: number): Promise<string | undefined> {
  const { stdout } = await run("netstat", ["-ano", "-p", "TCP"]);
  // Columns: protocol, local address, remote address, state (in the system's language), pid.
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const row = rows.find(
    ([, local, remote]) => local?.endsWith(`:${port}`) && remote?.endsWith(":0"),
  );
  const pid = row?.[4];
  if (pid === undefined) return undefined;
  const tasks = await run("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
  return describe(pid, tasks.stdout.split(",", 1)[0]?.replaceAll('"', "") ?? "");
}

function describe(pid: string, command: string): string {
  return `pid ${pid} (${command.trim().slice(0, 120)})`;
}
