import { addAbortListener } from "../abort-listeners.ts";
import type { ClientCall } from "../call.ts";
import type { Onion } from "../compose.ts";
import { GrpcError } from "../error.ts";
import { callFailure } from "./call-failure.ts";
import { type ClientCallState, createCallState } from "./client-call-state.ts";
import type { CallOptions } from "./client-options.ts";
import type { MethodPlan } from "./method-plan.ts";
import { RoundTrip } from "./round-trip.ts";
import type { RequestSide, ResponseSide } from "./sides.ts";

/** One call of a client: its round trip to the server, with interceptors around it. */
export class Exchange {
  readonly #plan: MethodPlan;
  readonly #signal: AbortSignal | undefined;
  readonly #call: ClientCallState;
  readonly #responses: ResponseSide;
  readonly #roundTrip: RoundTrip;
  #removeAbortListener: (() => void) | undefined;

  /** @throws GrpcError INTERNAL when metadata or deadline in `options` are illegal. */
  constructor(
    plan: MethodPlan,
    options: CallOptions,
    requests: RequestSide,
    responses: ResponseSide,
  ) {
    this.#plan = plan;
    this.#signal = options.signal;
    this.#call = createCallState(plan, options);
    this.#responses = responses;
    this.#roundTrip = new RoundTrip(plan, this.#call, options, requests, responses);
  }

  /** Makes the call. Its outcome goes to the response side. */
  run(): void {
    this.#responses.onStart(this.#roundTrip);
    if (this.#signal !== undefined) this.#followSignal(this.#signal);
    const { onion } = this.#plan;
    if (onion === undefined) this.#roundTrip.run((failure) => this.#settle(failure));
    else {
      this.#call.withinDeadline(this.#runInside(onion)).then(
        () => this.#settle(undefined),
        (error: unknown) => this.#settle(GrpcError.from(error)),
      );
    }
  }

  #followSignal(signal: AbortSignal): void {
    const cancel = (): void => {
      const error = new GrpcError("CANCELLED", "cancelled by the caller", { cause: signal.reason });
      this.#roundTrip.fail(error);
    };
    if (signal.aborted) cancel();
    else this.#removeAbortListener = addAbortListener(signal, cancel);
  }

  async #runInside(onion: Onion<ClientCall>): Promise<void> {
    const core = (): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#roundTrip.run((failure) => {
          if (failure === undefined) resolve();
          else reject(failure);
        });
      });
    try {
      await onion(this.#call, core);
    } catch (error) {
      const failure = GrpcError.from(error);
      // The call may still run although an interceptor has thrown.
      this.#roundTrip.fail(failure);
      throw failure;
    }
  }

  #settle(failure: GrpcError | undefined): void {
    this.#roundTrip.close();
    this.#removeAbortListener?.();
    this.#responses.settle(failure && callFailure(failure, this.#plan.method));
  }
}
