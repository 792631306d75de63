import type { Metadata } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import { deadlineOf } from "../deadline.ts";
import { GrpcError, textOf } from "../error.ts";
import { prepareEntries, toMetadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { CallOptions } from "./client-options.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";

/** Milliseconds that interceptors have to return after their call was aborted. */
const unwindMs = 20;

/** The call as client interceptors see it. */
export class ClientCallState extends CallState implements ClientCall {
  readonly metadata: Metadata;
  readonly target: string;
  readonly deadline: Date | undefined;
  header: Metadata | undefined;
  trailer: Metadata | undefined;
  /** Undefined until the innermost layer has created it. */
  native: NativeCall | undefined;

  constructor(
    { method, target }: Pick<MethodPlan, "method" | "target">,
    metadata: Metadata,
    deadline: Date | undefined,
  ) {
    super(method);
    this.metadata = metadata;
    this.target = target;
    this.deadline = deadline;
  }

  get peer(): string {
    return this.native?.getPeer() ?? "unknown";
  }

  /**
   * Settles as `work` does, but at most `unwindMs` after the call was aborted: interceptors may
   * take any time, and the deadline and the caller's signal must still apply.
   */
  withinDeadline(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const finish = (): void => {
        clearTimeout(timer);
        this.setStopListener(undefined);
      };
      if (this.deadline !== undefined) {
        const late = new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded among the interceptors");
        timer = setTimeout(() => this.abort(late), this.deadline.getTime() - Date.now());
      }
      const giveUp = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          finish();
          reject(this.abortReason);
        }, unwindMs);
      };
      if (this.stopped) giveUp();
      else this.setStopListener(giveUp);
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

/** @throws GrpcError INTERNAL when metadata or deadline in `options` are illegal. */
export function createCallState(plan: MethodPlan, options: CallOptions): ClientCallState {
  const { method, timeoutMs, waitForReady } = plan;
  try {
    const metadata = toMetadata(options.metadata);
    // Set in the metadata: grpc-js ignores this setting in a service config.
    if (options.waitForReady ?? waitForReady) {
      metadata.setOptions({ ...metadata.getOptions(), waitForReady: true });
    }
    // A deadline of the call replaces the default timeout. Given both, the earlier one counts.
    const timeout = options.timeoutMs ?? (options.deadline === undefined ? timeoutMs : 0);
    return new ClientCallState(plan, metadata, deadlineOf(timeout, options.deadline));
  } catch (error) {
    throw illegalOption(error, method);
  }
}

/**
 * Bytes of metadata that a client sends. A server allows less, and refuses the call. More than that may end
 * the connection with all of its calls: many servers cannot decode larger headers.
 */
const maxMetadataBytes = 65_536;

/**
 * Makes the metadata ready to be sent.
 *
 * @throws GrpcError INTERNAL when an entry cannot be sent, RESOURCE_EXHAUSTED when it is too large.
 */
export function prepareMetadata({ metadata, method }: ClientCallState): void {
  let bytes: number;
  try {
    bytes = prepareEntries(metadata);
  } catch (error) {
    throw illegalOption(error, method);
  }
  if (bytes <= maxMetadataBytes) return;
  const sizes = `${bytes} of ${maxMetadataBytes} bytes`;
  throw new GrpcError("RESOURCE_EXHAUSTED", `the metadata is larger than allowed: ${sizes}`, {
    method: method.path,
  });
}

/** @throws GrpcError when the call was aborted, or its deadline has passed. */
export function checkOpen({ abortReason, deadline }: ClientCallState): void {
  if (abortReason !== undefined) throw abortReason;
  if (deadline !== undefined && deadline.getTime() <= Date.now()) {
    // grpc-js would still send the request.
    throw new GrpcError("DEADLINE_EXCEEDED", "deadline exceeded before the call");
  }
}

/** The error for an illegal option of a call. The reason is shown: it holds nothing private. */
function illegalOption(cause: unknown, { path }: MethodInfo): GrpcError {
  return new GrpcError("INTERNAL", textOf(cause), { cause, method: path });
}
