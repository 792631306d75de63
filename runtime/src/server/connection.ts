import type { ResetLimit } from "../grpc-js-internals/reset-limit.ts";
import type { ServerLimits } from "./limits.ts";
import { ResetAllowance } from "./reset-allowance.ts";

/** What a connection knows of a call. */
export interface ConnectionCall {
  /** `started` once it counts as running, even if that takes until the next turn. */
  state: "arrived" | "waiting" | "started" | "over";
}

/** The calls of one connection: those that run, and those that wait for one of them to end. */
export class Connection<Call extends ConnectionCall> {
  readonly #resets: ResetAllowance;
  readonly #nodeResets: ResetAllowance | undefined;
  #retired = false;
  readonly #maxRunning: number;
  readonly #waiting = new Set<Call>();
  #running = 0;

  /** @param nodeLimit what Node allows, if it ends the connection beyond it */
  constructor(
    { maxConcurrentStreams, resetBurst, resetsPerSecond }: ServerLimits,
    nodeLimit: ResetLimit | undefined,
  ) {
    this.#maxRunning = maxConcurrentStreams;
    this.#resets = new ResetAllowance(resetBurst, resetsPerSecond);
    // Half of it is left for the calls that still run when the connection is retired.
    this.#nodeResets =
      nodeLimit && new ResetAllowance(nodeLimit.burst / 2, nodeLimit.perSecond / 2);
  }

  /**
   * Counts a call that the peer has reset.
   *
   * @returns whether and why the connection must go; once
   */
  countReset(): "abuse" | "worn out" | undefined {
    if (this.#retired) return undefined;
    const abuse = this.#resets.isOneTooMany();
    this.#retired = abuse || this.#nodeResets?.isOneTooMany() === true;
    if (!this.#retired) return undefined;
    return abuse ? "abuse" : "worn out";
  }

  /** Starts a call that has arrived, or lets it wait. @returns whether it may run */
  start(call: Call): boolean {
    if (call.state === "started") return true;
    const starts = this.#running < this.#maxRunning;
    call.state = starts ? "started" : "waiting";
    if (starts) this.#running += 1;
    else this.#waiting.add(call);
    return starts;
  }

  /** Takes out a call that is over. @returns the call that is started in its place */
  end(call: Call): Call | undefined {
    const { state } = call;
    call.state = "over";
    if (state === "waiting") this.#waiting.delete(call);
    if (state !== "started") return undefined;
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
    } else {
      this.#waiting.delete(next);
      next.state = "started";
    }
    return next;
  }
}
