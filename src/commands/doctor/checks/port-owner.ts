import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";

/**
 * The process that listens on a TCP port, such as `pid 4711 (node main.js)`; undefined if this user
 * cannot see it.
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

/** The kernel lists its sockets by number, and the open files of a process show the same numbers. */
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
      return describe(pid, command.split("\0"));
    }
  }
  return undefined;
}

async function fromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await execa("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"]);
  const [pid = ""] = stdout.split("\n", 1);
  const command = await execa("ps", ["-o", "command=", "-p", pid]);
  return describe(pid, command.stdout.split(" "));
}

async function fromNetstat(port: number): Promise<string | undefined> {
  const { stdout } = await execa("netstat", ["-ano", "-p", "TCP"]);
  // Columns: protocol, local address, remote address, state (in the language of the system), pid.
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const row = rows.find(
    ([, local, remote]) => local?.endsWith(`:${port}`) && remote?.endsWith(":0"),
  );
  const pid = row?.[4];
  if (pid === undefined) return undefined;
  const tasks = await execa("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
  return describe(pid, [tasks.stdout.split(",", 1)[0]?.replaceAll('"', "") ?? ""]);
}

/** Program and script: other arguments may be secrets. A script does not follow a flag, as its value does. */
function describe(pid: string, [program = "", ...args]: readonly string[]): string {
  // Programs that set their title have all of it in one argument: `nginx: master process`.
  const title = basename(program.trim().replace(/:? .*$/s, ""));
  const script = args.find((arg, index) => isScript(arg) && !args[index - 1]?.startsWith("-"));
  return `pid ${pid} (${[title, script && basename(script)].filter(Boolean).join(" ")})`;
}

function isScript(arg: string): boolean {
  return /^[^-].*\.[cm]?[jt]s$/.test(arg);
}
