import type { Http2Session } from "node:http2";
import { abuseCauses } from "../diagnostics.ts";
import { GrpcError } from "../error.ts";
import type { ResetLimit } from "../grpc-js-internals/reset-limit.ts";
import type { AbuseReports } from "./abuse.ts";
import { type CallEntry, CallList } from "./call-list.ts";
import { ConnectionPeer } from "./connection-peer.ts";
import { ConnectionWindow } from "./connection-window.ts";
import type { ServerLimits } from "./limits.ts";
import { ResetAllowance } from "./reset-allowance.ts";

const tooMuch = new GrpcError("RESOURCE_EXHAUSTED", "too many large requests wait on a connection");

/** What a connection knows of a call. */
export interface ConnectionCall<Call> {
  /** `started` once it counts as running, even if that takes until the next turn. */
  state: "arrived" | "waiting" | "started" | "over";
  /** Its place among the started ones. */
  entry: CallEntry<Call> | undefined;
  /** Bytes of its requests that have arrived and are not read. */
  readonly unreadBytes: number;
  /** Ends the call, which has not run. */
  refuse(error: GrpcError): void;
}

/** The calls of one connection: those that run, and those that wait for one of them to end. */
export class Connection<Call extends ConnectionCall<Call>> {
  readonly session: Http2Session;
  readonly peer: ConnectionPeer;
  readonly #reports: AbuseReports;
  readonly #window: ConnectionWindow;
  readonly #maxRunning: number;
  readonly #resets: ResetAllowance;
  readonly #nodeResets: ResetAllowance | undefined;
  readonly #started = new CallList<Call>();
  readonly #waiting = new Set<Call>();
  /** Takes no further calls. */
  #retired = false;

  /** @param nodeLimit what Node allows, if it ends the connection beyond it */
  constructor(
    session: Http2Session,
    limits: ServerLimits,
    nodeLimit: ResetLimit | undefined,
    reports: AbuseReports,
  ) {
    this.session = session;
    this.peer = new ConnectionPeer(session);
    this.#reports = reports;
    this.#maxRunning = limits.maxConcurrentStreams;
    this.#window = new ConnectionWindow(session, limits.flowControlWindowBytes, () => {
      this.report(abuseCauses.flowControl);
      session.destroy();
    });
    this.#resets = new ResetAllowance(limits.resetBurst, limits.resetsPerSecond);
    // Half of it is left for the calls that still run when the connection is retired.
    this.#nodeResets =
      nodeLimit && new ResetAllowance(nodeLimit.burst / 2, nodeLimit.perSecond / 2);
  }

  /** Counts a call that the peer has reset. After too many, the connection takes no more calls. */
  countReset(): void {
    const { closed, destroyed } = this.session;
    if (this.#retired || closed || destroyed) return;
    if (this.#resets.isOneTooMany()) {
      this.#retired = true;
      this.session.close();
      this.report(abuseCauses.resets);
    } else if (this.#nodeResets?.isOneTooMany() === true) {
      this.#retired = true;
      // Calls on their way are refused, and repeated on another connection. With the highest number of
      // a stream in GOAWAY they would get no answer at all: nghttp2 ignores what arrives after it.
      this.session.close();
    }
  }

  /** Reports an abuse by the peer, once for each cause. */
  report(cause: string): void {
    this.#reports.report(cause);
  }

  /** The calls that have started. */
  get calls(): Call[] {
    return this.#started.entries().map(({ call }) => call);
  }

  /** Counts a call that has arrived. */
  arrive(): void {
    this.#window.opened();
  }

  /** Refuses the newest of the calls that wait while their requests take more than allowed. */
  refuseExcess(maxBytes: number): void {
    let bytes = 0;
    for (const call of this.#waiting) {
      bytes += call.unreadBytes;
      if (bytes > maxBytes) call.refuse(tooMuch);
    }
  }

  /** Starts a call that has arrived, or lets it wait. @returns whether it may run */
  start(call: Call): boolean {
    if (call.state === "started") return true;
    if (this.#started.size < this.#maxRunning) {
      this.#add(call);
      return true;
    }
    call.state = "waiting";
    this.#waiting.add(call);
    return false;
  }

  /** Takes out a call that is over. @returns the call that is started in its place */
  end(call: Call): Call | undefined {
    const { state, entry } = call;
    call.state = "over";
    this.#window.closed();
    if (state === "waiting") this.#waiting.delete(call);
    if (entry === undefined) return undefined;
    call.entry = undefined;
    this.#started.delete(entry);
    const [next] = this.#waiting;
    if (next === undefined) return undefined;
    this.#waiting.delete(next);
    this.#add(next);
    return next;
  }

  #add(call: Call): void {
    call.state = "started";
    call.entry = this.#started.add(call);
  }
}
