import { readFileSync } from "node:fs";
import { errorCode } from "../../terminal/errors.ts";

/** Whether a process of this machine still runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Whether a process has ended, and its parent has not asked for its status: one in a container may never do. */
function isZombie(pid: number): boolean {
  try {
    // The name of the program, in parentheses, may have any characters.
    return /^ Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, ""));
  } catch {
    return false; // not Linux
  }
}
