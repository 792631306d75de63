import type { Metadata } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import { deadlineOf } from "../deadline.ts";
import { GrpcError } from "../error.ts";
import { toMetadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { CallOptions } from "./client-options.ts";
import type { ClientPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";

/** Milliseconds that interceptors may take to notice that their call is over. */
const unwindMs = 20;

/** The call that client interceptors see. */
export class ClientCallState extends CallState implements ClientCall {
  readonly deadline: Date | undefined;
  header: Metadata | undefined;
  trailer: Metadata | undefined;
  /** Set once the innermost layer has opened the call. */
  native: NativeCall | undefined;

  constructor(method: MethodInfo, metadata: Metadata, deadline: Date | undefined) {
    super(method, metadata);
    this.deadline = deadline;
  }

  get peer(): string {
    return this.native?.getPeer() ?? "unknown";
  }

  /**
   * Settles as `work` does, but no later than shortly after the call is over: interceptors run code of
   * any length, and the deadline and the caller's signal hold all the same.
   */
  withinDeadline(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const finish = (): void => {
        clearTimeout(timer);
        this.onOver(undefined);
      };
      if (this.deadline !== undefined) {
        const late = new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded among the interceptors");
        timer = setTimeout(() => this.abort(late), this.deadline.getTime() - Date.now());
      }
      const giveUp = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          finish();
          reject(this.aborted);
        }, unwindMs);
      };
      if (this.over) giveUp();
      else this.onOver(giveUp);
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
}

/** @throws GrpcError INTERNAL when metadata or deadline are not what they should be. */
export function createCallState(
  { method, timeoutMs, waitForReady }: ClientPlan,
  options: CallOptions,
): ClientCallState {
  try {
    const metadata = toMetadata(options.metadata);
    // Metadata carries it: in a service config grpc-js reads the setting and ignores it.
    if (options.waitForReady ?? waitForReady) {
      metadata.setOptions({ ...metadata.getOptions(), waitForReady: true });
    }
    // A deadline of the call's own replaces the default, and the earlier one of two counts.
    const timeout = options.timeoutMs ?? (options.deadline === undefined ? timeoutMs : 0);
    return new ClientCallState(method, metadata, deadlineOf(timeout, options.deadline));
  } catch (error) {
    throw mistake(error, method);
  }
}

/** A mistake of the one who calls, told to him: these texts hold nothing private. */
export function mistake(cause: unknown, { path }: MethodInfo): GrpcError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GrpcError("INTERNAL", reason, { cause, method: path });
}
