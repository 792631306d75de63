import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { GrpcError } from "../error.ts";
import { liftResetLimit } from "../grpc-js-internals/reset-limit.ts";
import { type StreamListener, takeStreamListener } from "../grpc-js-internals/stream-listener.ts";
import { logAbuse, type OnAbuse } from "./abuse.ts";
import { ArrivedCall } from "./arrived-call.ts";
import { Connections } from "./connections.ts";
import type { ServerLimits } from "./limits.ts";

/** Longest time for which calls are started before the event loop has its turn, in milliseconds. */
const turnMs = 10;

/**
 * Decides when a call that has arrived runs: in the same turn of the event loop, but after
 * everything that was read together with it. So a call that its caller resets at once costs little
 * more than its headers. Of each connection `maxConcurrentStreams` calls run at a time; others wait.
 */
export class Admission {
  readonly #limits: ServerLimits;
  readonly #connections: Connections;
  /** Calls that may run, from `#next` on. */
  #arrived: ArrivedCall[] = [];
  #next = 0;
  #scheduled = false;
  /** Calls that wait for others of their connections to end. */
  readonly #waiting = new Set<ArrivedCall>();
  #idle: (() => void) | undefined;

  constructor(limits: ServerLimits, onAbuse: OnAbuse = logAbuse) {
    this.#limits = limits;
    this.#connections = new Connections(limits, onAbuse);
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
    const arrived = this.#arrived.slice(this.#next).filter(({ state }) => state !== "over");
    for (const call of [...arrived, ...this.#waiting]) call.refuse(error);
  }

  get #isIdle(): boolean {
    return this.#arrived.length === 0 && this.#waiting.size === 0;
  }

  #arrive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, listener: StreamListener): void {
    const connection = stream.session && this.#connections.of(stream.session);
    if (connection === undefined) return;
    connection.arrive();
    const call = new ArrivedCall(connection, stream, headers, listener);
    stream.on("error", ignore);
    stream.once("close", () => this.#end(call));
    this.#enqueue(call);
  }

  #enqueue(call: ArrivedCall): void {
    this.#arrived.push(call);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const endMs = performance.now() + turnMs;
    try {
      for (let call = this.#take(); call !== undefined; call = this.#take()) {
        this.#start(call);
        if (performance.now() > endMs) break;
      }
    } finally {
      if (this.#arrived.length > 0) this.#schedule();
      this.#tellIdle();
    }
  }

  #take(): ArrivedCall | undefined {
    const call = this.#arrived[this.#next];
    this.#next += 1;
    if (call !== undefined) return call;
    this.#arrived = [];
    this.#next = 0;
    return undefined;
  }

  #start(call: ArrivedCall): void {
    if (!call.isOpen) return;
    if (call.connection.start(call)) call.run();
    else this.#waiting.add(call);
  }

  #end(call: ArrivedCall): void {
    const { connection, state } = call;
    if (state === "waiting") this.#waiting.delete(call);
    const next = connection.end(call);
    if (next !== undefined) {
      this.#waiting.delete(next);
      this.#enqueue(next);
    }
    this.#tellIdle();
    if (call.isReset) connection.countReset();
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

function ignore(): void {}
