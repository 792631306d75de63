import { GrpcError } from "../error.ts";
import type { ClientCallState } from "./client-call-state.ts";

/** Milliseconds that interceptors may take to notice that their call is over. */
const unwindMs = 20;

/**
 * Settles as `work` does, but no later than shortly after the call is over: interceptors run code of
 * any length, and the deadline and the caller's signal hold all the same.
 */
export function withinDeadline(call: ClientCallState, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      call.onOver(undefined);
    };
    if (call.deadline !== undefined) {
      const late = new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded among the interceptors");
      timer = setTimeout(() => call.abort(late), call.deadline.getTime() - Date.now());
    }
    const giveUp = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        finish();
        reject(call.aborted);
      }, unwindMs);
    };
    if (call.over) giveUp();
    else call.onOver(giveUp);
    work.then(
      () => {
        finish();
        resolve();
      },
      (error: unknown) => {
        finish();
        reject(error);
      },
    );
  });
}
