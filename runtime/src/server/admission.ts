import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { GrpcError } from "../error.ts";
import { liftResetLimit } from "../grpc-js-internals/reset-limit.ts";
import { type StreamListener, takeStreamListener } from "../grpc-js-internals/stream-listener.ts";
import { logAbuse, type OnAbuse } from "./abuse.ts";
import { ArrivedCall } from "./arrived-call.ts";
import { carry } from "./carried-call.ts";
import { Connections } from "./connections.ts";
import type { ServerLimits } from "./limits.ts";
import { metadataSize } from "./metadata-size.ts";
import { logOverload, type OnOverload, OverloadReports, overloaded } from "./overload.ts";
import { RunningLimit } from "./running-limit.ts";
import { StartTurns } from "./start-turns.ts";

/** What a server does about callers and overload. Default of each: a line to standard error. */
export interface AdmissionEvents {
  readonly onAbuse?: OnAbuse;
  readonly onOverload?: OnOverload;
}

/** What a server knows of its calls, or wants to know. */
interface AdmissionHooks {
  /** Whether `maxRunningCalls` counts the calls of a path. Default: none. */
  readonly isLimited?: (path: string) => boolean;
  /** Runs a call; false leaves it to grpc-js. */
  readonly run?: (call: ArrivedCall) => boolean;
}

/**
 * Decides when a call that has arrived runs: in the same turn of the event loop, but after
 * everything that was read together with it. So a call that its caller resets at once costs little
 * more than its headers.
 *
 * Of each connection `maxConcurrentStreams` calls run at a time; others wait. An overloaded server
 * starts only as many calls as it can finish, and turns away those that have waited too long. Health
 * checks never wait.
 */
export class Admission {
  readonly #limits: ServerLimits;
  readonly #connections: Connections;
  readonly #overload: OverloadReports;
  /** Whether `maxRunningCalls` counts the calls of a path. */
  readonly #isLimited: (path: string) => boolean;
  readonly #run: (call: ArrivedCall) => boolean;
  /** Calls that may run. */
  readonly #turns: StartTurns;
  readonly #running: RunningLimit;
  // One function for all calls.
  readonly #onOver = (call: ArrivedCall): void => this.#end(call);
  /** Calls that wait for others of their connections to end. */
  readonly #waiting = new Set<ArrivedCall>();
  #idle: (() => void) | undefined;

  constructor(
    limits: ServerLimits,
    { onAbuse = logAbuse, onOverload = logOverload }: AdmissionEvents = {},
    { isLimited = () => false, run = () => false }: AdmissionHooks = {},
  ) {
    this.#limits = limits;
    this.#connections = new Connections(limits, onAbuse);
    this.#overload = new OverloadReports(onOverload);
    this.#isLimited = isLimited;
    this.#run = run;
    this.#turns = new StartTurns(limits, {
      hasRoom: () => this.#running.hasRoom,
      start: (call) => this.#start(call),
      shed: (call) => this.#shed(call),
      onTurn: () => this.#tellIdle(),
    });
    this.#running = new RunningLimit(
      limits.maxRunningCalls,
      () => this.#turns.schedule(),
      () => this.#uncountAnswered(),
    );
  }

  /** Takes over the calls of an HTTP/2 server. */
  guard(http2Server: Http2Server): void {
    const listener = takeStreamListener(http2Server);
    if (listener === undefined) return;
    const nodeLimit = liftResetLimit(http2Server);
    http2Server.updateSettings({ maxConcurrentStreams: advertised(this.#limits) });
    http2Server.on("session", (session) => this.#connections.add(session, nodeLimit));
    const arrive: Arrived = (stream, headers, _flags, rawHeaders) => {
      this.#arrive(stream, headers, metadataSize(rawHeaders), listener);
    };
    http2Server.on("stream", arrive);
  }

  /** Resolves when no call is held back. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Ends the calls that are held back. */
  refuseAll(error: GrpcError): void {
    for (const call of [...this.#turns.calls, ...this.#waiting]) call.refuse(error);
  }

  get #isIdle(): boolean {
    return this.#turns.isEmpty && this.#waiting.size === 0;
  }

  #arrive(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    metadataBytes: number,
    listener: StreamListener,
  ): void {
    const connection = stream.session && this.#connections.of(stream.session);
    if (connection === undefined) return;
    connection.arrive();
    const call = new ArrivedCall(
      connection,
      stream,
      headers,
      metadataBytes,
      listener,
      this.#onOver,
    );
    carry(stream, call);
    if (isProbe(call.path)) setImmediate(() => this.#start(call));
    else this.#turns.add(call);
  }

  #start(call: ArrivedCall): void {
    if (!call.isOpen) return;
    // A call that has waited was measured before.
    if (call.state === "arrived" && this.#isTooLarge(call)) return;
    if (!call.connection.start(call)) {
      this.#waiting.add(call);
      return;
    }
    call.isCounted = this.#isLimited(call.path);
    if (call.isCounted) this.#running.start();
    if (!this.#run(call)) call.run();
  }

  /** Refuses a call with more metadata than allowed. */
  #isTooLarge(call: ArrivedCall): boolean {
    const { maxMetadataBytes } = this.#limits;
    if (maxMetadataBytes === -1) return false;
    const bytes = call.metadataBytes;
    if (bytes <= maxMetadataBytes) return false;
    const sizes = `${bytes} of ${maxMetadataBytes} bytes`;
    call.refuse(
      new GrpcError("RESOURCE_EXHAUSTED", `the metadata is larger than allowed: ${sizes}`),
    );
    return true;
  }

  /** A call that has its answer runs no more, even if its caller does not take it. */
  #uncountAnswered(): void {
    for (const call of this.#connections.calls()) if (call.isAnswered) this.#uncount(call);
  }

  #uncount(call: ArrivedCall): void {
    if (call.isCounted) this.#running.end();
    call.isCounted = false;
  }

  #end(call: ArrivedCall): void {
    const { connection, state } = call;
    this.#uncount(call);
    if (state === "waiting") this.#waiting.delete(call);
    const next = connection.end(call);
    if (next !== undefined) {
      this.#waiting.delete(next);
      next.queuedMs = performance.now();
      this.#turns.add(next);
    }
    this.#tellIdle();
    if (call.isReset) connection.countReset();
  }

  #shed(call: ArrivedCall): void {
    if (!call.isOpen) return;
    call.refuse(overloaded);
    this.#overload.count(call.path);
  }

  #tellIdle(): void {
    if (this.#isIdle) this.#idle?.();
  }
}

/** A listener for the streams of an HTTP/2 server. */
type Arrived = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: readonly string[],
) => void;

/**
 * Streams that peers are told they may have open. From Node 22 on, a peer at this limit loses calls
 * to its own cancellations: Node answers a call with ENHANCE_YOUR_CALM when the reset of another came
 * in the same packet (nice-grpc#762). So it is far above what peers need, and calls above the real
 * limit wait.
 */
function advertised({ maxConcurrentStreams }: ServerLimits): number {
  return Math.max(2_000, 2 * maxConcurrentStreams);
}

const healthPath = "/grpc.health.v1.Health/";

function isProbe(path: string): boolean {
  return path.startsWith(healthPath);
}
