import { InterruptedError, isEnvironmentError, StepError, UsageError } from "./errors.ts";
import type { Host } from "./host.ts";
import { printable } from "./printable.ts";

/**
 * Prints why a program failed and returns its exit code: 130 interrupted, 2 wrong usage or input, 1 a
 * failed step or a bug. Only a bug is printed with its stack.
 *
 * @param program the name that starts the line
 */
export function reportError(
  error: unknown,
  program: string,
  { note, signal }: Pick<Host, "note" | "signal">,
): number {
  const line = (text: string) => note(`${program}: ${printable(text)}\n`);
  if (error instanceof InterruptedError || signal.aborted) {
    line(error instanceof InterruptedError ? error.message : new InterruptedError().message);
    return 130;
  }
  if (error instanceof UsageError) {
    line(error.message);
    for (const detail of error.details) note(`  ${printable(detail)}\n`);
    return 2;
  }
  if (error instanceof StepError) {
    line(error.message);
    return 1;
  }
  if (error instanceof Error && isEnvironmentError(error)) {
    line(error.message);
    return 2;
  }
  note(`${program}: this is a bug in create-grpc-service, please report it:\n`);
  note(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
