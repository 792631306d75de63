import { connect } from "node:net";
import { execa } from "execa";
import { expect } from "vitest";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { freePort } from "../runtime/support/free-port.ts";

/**
 * Runs a command that starts a server of a project on a free port, does `work` while it serves, and
 * ends it as Ctrl-C does.
 */
export async function whileServing(
  command: string,
  project: string,
  work: (address: string) => Promise<unknown>,
): Promise<void> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = execa("sh", ["-c", command], {
    cwd: project,
    env: userEnvironment({ ADDRESS: address }),
    extendEnv: false,
    reject: false,
    detached: true, // so that the whole group can be ended
  });
  try {
    await expect.poll(() => accepts(port), { timeout: 90_000 }).toBe(true);
    await work(address);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    await child;
  }
}

/** Whether something listens on a port of this machine. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
