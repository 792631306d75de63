import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { GrpcError } from "../error.ts";
import { liftResetLimit } from "../grpc-js-internals/reset-limit.ts";
import { type StreamListener, takeStreamListener } from "../grpc-js-internals/stream-listener.ts";
import { logAbuse, type OnAbuse } from "./abuse.ts";
import { ArrivedCall } from "./arrived-call.ts";
import { CallQueue } from "./call-queue.ts";
import { carry } from "./carried-call.ts";
import { Connections } from "./connections.ts";
import type { ServerLimits } from "./limits.ts";
import { logOverload, type OnOverload, OverloadReports, overloaded } from "./overload.ts";
import { RunningLimit } from "./running-limit.ts";
import { StartPace } from "./start-pace.ts";

/** Time after which calls that cannot start are looked at again, in milliseconds. */
const shedEveryMs = 50;

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
  readonly #queue: CallQueue<ArrivedCall>;
  readonly #running: RunningLimit;
  readonly #pace = new StartPace();
  // One function for all calls.
  readonly #onOver = (call: ArrivedCall): void => this.#end(call);
  #scheduled = false;
  #shedTimer: NodeJS.Timeout | undefined;
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
    this.#queue = new CallQueue(limits.maxWaitMs, (call) => this.#shed(call));
    this.#running = new RunningLimit(
      limits.maxRunningCalls,
      () => this.#schedule(),
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
    http2Server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      this.#arrive(stream, headers, listener);
    });
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
    for (const call of [...this.#queue.calls, ...this.#waiting]) call.refuse(error);
  }

  get #isIdle(): boolean {
    return this.#queue.isEmpty && this.#waiting.size === 0;
  }

  #arrive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, listener: StreamListener): void {
    const connection = stream.session && this.#connections.of(stream.session);
    if (connection === undefined) return;
    connection.arrive();
    const call = new ArrivedCall(connection, stream, headers, listener, this.#onOver);
    carry(stream, call);
    if (isProbe(call.path)) setImmediate(() => this.#start(call));
    else this.#enqueue(call);
  }

  #enqueue(call: ArrivedCall): void {
    this.#queue.push(call);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#pace.begin();
    let mayFollow = true;
    try {
      while (mayFollow && this.#running.hasRoom) {
        const call = this.#queue.take();
        if (call === undefined) break;
        this.#start(call);
        mayFollow = this.#pace.next();
      }
    } finally {
      this.#goOn(mayFollow);
      this.#tellIdle();
    }
  }

  /** @param hasTime false when calls are left for the next turn */
  #goOn(hasTime: boolean): void {
    if (!hasTime || this.#pace.needsLook) this.#schedule();
    else this.#pace.pause();
    if (this.#queue.isEmpty || this.#shedTimer !== undefined) return;
    // Calls that wait for others to end must not wait too long either.
    this.#shedTimer = setTimeout(() => {
      this.#shedTimer = undefined;
      this.#queue.shedOld();
      this.#goOn(true);
    }, shedEveryMs);
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
      this.#enqueue(next);
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
