import { execa } from "execa";
import { InterruptedError, StepError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";

/** On Windows Git includes openssl, but it is not always on the PATH. */
const programs = ["openssl", "C:\\Program Files\\Git\\usr\\bin\\openssl.exe"];

/**
 * Runs openssl.
 *
 * @throws StepError with the output of openssl, or with how to install it
 */
export async function openssl(
  args: readonly string[],
  { env, signal }: Pick<Host, "env" | "signal">,
): Promise<void> {
  for (const program of programs) {
    const { failed, code, stderr, shortMessage } = await execa(program, args, {
      env,
      extendEnv: false,
      stdin: "ignore",
      cancelSignal: signal,
      reject: false,
    });
    if (signal.aborted) throw new InterruptedError();
    if (!failed) return;
    if (code !== "ENOENT")
      throw new StepError(`openssl failed: ${complaint(stderr) || shortMessage}`);
  }
  throw new StepError(
    "openssl was not found. Linux: install the package openssl. Windows: install Git, which includes it.",
  );
}

/** The output of openssl without its progress, which is lines of dots and pluses. */
function complaint(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.filter((line) => !/^[.+*-]*$/.test(line)).join("; ");
}
