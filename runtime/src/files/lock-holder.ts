import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { hostname } from "node:os";
import { codeOf } from "./disk-failure.ts";

/** The process that has a lock, as its file says. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Changes when a machine starts; all its containers have the same. Empty: not known. */
  readonly boot: string;
  /** Of the socket beside the lock that the process listens on as long as it lives. Empty: it has none. */
  readonly socket: string;
}

/** A socket that shows others that this process lives. */
export interface LifeSign {
  /** What the lock has to contain. */
  readonly text: string;
  end(): Promise<void>;
}

/** The longest path of a socket is 104 bytes on macOS and 108 on Linux. Node.js may cut off what is longer. */
const maxSocketPath = 100;

/**
 * Listens on a socket beside the lock. The kernel closes it when the process ends in any way, and processes of
 * other containers can ask it, for which the id of this one says nothing. Windows and some file systems have no
 * such sockets: then only the id counts.
 */
export async function showLife(lock: string): Promise<LifeSign> {
  const host = hostname();
  const boot = await bootId();
  const textFor = (socket: string) => [process.pid, host, boot, socket].join("\n");
  const name = randomBytes(4).toString("hex");
  const path = `${lock}.${name}`;
  const server = createServer((socket) => socket.destroy()).unref();
  try {
    if (Buffer.byteLength(path) > maxSocketPath) throw new Error("too long");
    // Exclusive: otherwise the main process of a cluster would listen.
    await once(server.listen({ path, exclusive: true }), "listening");
    await chmod(path, 0o600);
  } catch {
    server.close();
    return { text: textFor(""), end: async () => {} };
  }
  server.on("error", () => {});
  return {
    text: textFor(name),
    end: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function parseHolder(text: string): LockHolder {
  const [pid, host = hostname(), boot = "", name = ""] = text.split("\n");
  // It becomes part of a path.
  return { pid: Number(pid), host, boot, socket: /^[0-9a-f]{8}$/.test(name) ? name : "" };
}

/**
 * Whether the holder of a lock lives. If nobody listens, it counts as ended only if it ran on this machine: the
 * id of its boot says so or, after the machine has restarted, the name of the host.
 */
export async function lifeOf(
  lock: string,
  { pid, host, boot, socket }: LockHolder,
): Promise<"lives" | "ended" | "unknown"> {
  if (socket !== "" && (await isListening(`${lock}.${socket}`))) return "lives";
  const canAsk = socket !== "" && boot !== "" && boot === (await bootId());
  if (!canAsk && host !== hostname()) return "unknown";
  if (socket !== "") return "ended";
  return pid !== process.pid && isRunning(pid) ? "lives" : "ended";
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    // Any other error says that somebody has the socket: of another user, or with too much to do.
    return !/^(?:ECONNREFUSED|ENOENT)$/.test(codeOf(error) ?? "");
  } finally {
    socket.destroy();
  }
}

async function bootId(): Promise<string> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return text.trim();
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user.
    return codeOf(error) === "EPERM";
  }
}
