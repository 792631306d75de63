import * as grpc from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import type { ServiceRegistration } from "../implement.ts";
import type { MethodInfo } from "../method.ts";
import { within } from "../within.ts";
import { Admission, type AdmissionEvents } from "./admission.ts";
import { dispatcher, grpcJsService } from "./dispatcher.ts";
import { http2Runner } from "./http2-runner.ts";
import { channelOptionsOf, defaultServerLimits, type ServerLimits } from "./limits.ts";
import { Listener } from "./listener.ts";
import { type Encoding, type MethodPlan, type PlanOptions, planMethods } from "./method-plan.ts";
import { OpenCalls } from "./open-calls.ts";
import { RequestBudget } from "./request-budget.ts";
import { type CompressionOptions, ResponseCompression } from "./response-compression.ts";

/** Options of `GrpcServer`. */
export interface GrpcServerOptions extends PlanOptions, AdmissionEvents {
  readonly services: readonly ServiceRegistration[];
  /** Limits for callers. Default of each: `defaultServerLimits`. */
  readonly limits?: Partial<ServerLimits>;
  /**
   * Options of grpc-js; they override `limits`. Native interceptors given here run before ours and
   * see every call. Channelz, which costs every call, is off unless it is enabled here.
   */
  readonly channelOptions?: grpc.ServerOptions;
  /**
   * Compresses large responses for callers that accept gzip. Default: they are sent as they are. Not with
   * native interceptors: grpc-js, which then sends the responses, cannot compress them.
   */
  readonly compression?: CompressionOptions;
}

/** Time for the status of ended calls to reach their callers when the server stops. */
const flushMs = 500;

/**
 * A grpc-js server that runs our handlers itself: faster on streams than grpc-js' own call objects,
 * and safe from the errors that those do not handle.
 */
export class GrpcServer {
  /** The grpc-js server underneath, to add other services. */
  readonly server: grpc.Server;
  /** All methods of `services`. */
  readonly methods: readonly MethodInfo[];
  readonly #admission: Admission;
  readonly #openCalls = new OpenCalls();
  readonly #listeners: Listener[] = [];
  readonly #limits: ServerLimits;
  readonly #unwatchRequests: () => void;
  #stopped: Promise<void> | undefined;

  constructor(options: GrpcServerOptions) {
    const native = options.channelOptions?.interceptors ?? [];
    // Native interceptors expect messages, so that grpc-js must encode and decode them.
    const encoding: Encoding = native.length === 0 ? "own" : "grpc-js";
    const byPath = new Map<string, MethodPlan>();
    const { "grpc.max_concurrent_streams": maxConcurrentStreams } = options.channelOptions ?? {};
    this.#limits = {
      ...defaultServerLimits,
      ...options.limits,
      ...(maxConcurrentStreams !== undefined && { maxConcurrentStreams }),
    };
    this.#admission = new Admission(this.#limits, options, {
      isLimited: (path) => byPath.get(path)?.method.kind === "unary",
      run: (call) => runItself?.(call) === true,
    });
    this.#unwatchRequests = this.#openCalls.watchRequests(this.#limits.requestTimeoutMs);
    const channelOptions: grpc.ServerOptions = {
      ...channelOptionsOf(this.#limits),
      "grpc.enable_channelz": 0,
      ...options.channelOptions,
      interceptors: [...native, dispatcher(byPath, this.#openCalls)],
    };
    this.server = new grpc.Server(channelOptions);
    const runItself = http2Runner(this.server, channelOptions, byPath, {
      openCalls: this.#openCalls,
      requestBudget: new RequestBudget(this.#limits),
      compression: options.compression && new ResponseCompression(options.compression),
    });
    for (const service of options.services) {
      const plans = planMethods(service, options, encoding);
      if (plans.size === 0) continue;
      for (const plan of plans.values()) byPath.set(plan.method.path, plan);
      const { definition, implementation } = grpcJsService(plans, encoding);
      this.server.addService(definition, implementation);
    }
    this.methods = [...byPath.values()].map((plan) => plan.method);
  }

  /**
   * @param address `host:port` (port 0: any free port) or `unix:path`
   * @param credentials plain text by default
   * @returns the bound port
   * @throws Error when the address cannot be bound or the server has been stopped.
   */
  async listen(
    address: string,
    credentials: grpc.ServerCredentials = grpc.ServerCredentials.createInsecure(),
  ): Promise<number> {
    const stopped = `cannot listen on ${address}: the server has been stopped`;
    if (this.#stopped !== undefined) throw new Error(stopped);
    const listener = new Listener(this.server, credentials, this.#limits, this.#admission);
    const port = await listener.listen(address);
    if (this.#stopped === undefined) {
      this.#listeners.push(listener);
      return port;
    }
    // `stop` ran meanwhile and did not see this listener.
    listener.close();
    listener.destroy();
    throw new Error(stopped);
  }

  /**
   * Accepts no further calls and lets running calls finish.
   *
   * @param graceMs milliseconds after which calls that still run end with UNAVAILABLE
   * @returns settled when every connection is closed; the same promise for every call of `stop`
   */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    for (const listener of this.#listeners) listener.close();
    // Sends GOAWAY, so that callers go elsewhere. Its callback would also wait for silent sockets.
    this.server.tryShutdown(() => {});
    await within(graceMs, this.#idle());
    const shuttingDown = new GrpcError("UNAVAILABLE", "the server is shutting down");
    this.#admission.refuseAll(shuttingDown);
    this.#openCalls.failAll(shuttingDown);
    await within(flushMs, Promise.all(this.#listeners.map((listener) => listener.drained())));
    this.#unwatchRequests();
    this.server.forceShutdown();
    for (const listener of this.#listeners) listener.destroy();
  }

  /** Resolves when every call that has arrived is over. */
  async #idle(): Promise<void> {
    await this.#admission.idle();
    await this.#openCalls.idle();
  }
}
