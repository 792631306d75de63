import { InterruptedError } from "../../../terminal/errors.ts";

/** How files are read. */
export interface Reading {
  /** Paths in messages are relative to it. */
  readonly cwd: string;
  /** Ends it: thousands of files take seconds. */
  readonly signal: AbortSignal;
}

/** @throws InterruptedError when the signal has aborted */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}
