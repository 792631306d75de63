import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { isCutOff } from "../cut-off.ts";
import { receivedDeadline } from "../deadline.ts";
import { noHeaders } from "../metadata.ts";
import type { WireStatus } from "../status.ts";
import type { Execution } from "./execution.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { OpenCallEntry, OpenCalls } from "./open-calls.ts";
import { RequestStream, requestCutOff, takeOverStream } from "./request-stream.ts";
import { SendWindow } from "./send-window.ts";
import type { ServerTransport } from "./transport.ts";

type NativeListener = Parameters<ServerInterceptingCallInterface["start"]>[0];

/**
 * The end of grpc-js' chain of interceptors: starts the call below with a listener of ours and never
 * hands it on to grpc-js' handler wrappers.
 */
export class DispatchedCall
  extends ServerInterceptingCall
  implements ServerTransport, NativeListener
{
  readonly #native: ServerInterceptingCallInterface;
  readonly #plan: MethodPlan;
  readonly #openCalls: OpenCalls;
  /**
   * Whether `#native` takes messages and a status one after the other without waiting: grpc-js'
   * innermost call does, while interceptors have one slot for a message and lose a status behind it.
   */
  readonly #pipelined: boolean;
  /** Unless grpc-js reads the requests. */
  #requests: RequestStream | undefined;
  /** Of a stream of responses. */
  #window: SendWindow | undefined;
  #execution: Execution | undefined;
  #entry: OpenCallEntry | undefined;

  /** @param native the call below: grpc-js' innermost one, or that of a native interceptor */
  constructor(native: ServerInterceptingCallInterface, plan: MethodPlan, openCalls: OpenCalls) {
    super(native);
    this.#native = native;
    this.#plan = plan;
    this.#openCalls = openCalls;
    this.#pipelined = !(native instanceof ServerInterceptingCall);
  }

  override start(_handlerOfGrpcJs: NativeListener): void {
    this.#native.start(this);
  }

  onReceiveMetadata(metadata: Metadata): void {
    const execution = new this.#plan.execution(this.#plan, this, metadata);
    this.#execution = execution;
    this.#entry = this.#openCalls.add(execution);
    if (this.#pipelined) this.#takeOver(execution);
    execution.begin();
  }

  onReceiveMessage(message: unknown): void {
    this.#execution?.onMessage(message);
  }

  onReceiveHalfClose(): void {
    if (isCutOff(this.#native)) {
      this.#execution?.end(requestCutOff());
    } else {
      this.#execution?.onHalfClose();
    }
  }

  /** Called for every call when it is over, not only for cancelled ones. */
  onCancel(): void {
    const execution = this.#execution;
    const entry = this.#entry;
    if (execution === undefined || entry === undefined) return;
    // What refers to this call may live on; it need not keep the execution alive.
    this.#execution = undefined;
    this.#entry = undefined;
    this.#openCalls.delete(entry);
    execution.onOver();
    this.#requests?.stop();
    this.#window?.open();
  }

  get peer(): string {
    return this.#native.getPeer();
  }

  get deadline(): Date | undefined {
    return receivedDeadline(this.#native.getDeadline());
  }

  read(): void {
    if (this.#requests === undefined) this.#native.startRead();
    else this.#requests.read();
  }

  sendHeader(header: Metadata | undefined): void {
    this.#native.sendMetadata(header ?? noHeaders);
  }

  send(response: unknown): Promise<void> | undefined {
    this.#window ??= new SendWindow(this.#pipelined);
    const window = this.#window;
    const bytes = Buffer.isBuffer(response) ? response.length : 0;
    const room = window.add(bytes);
    this.#native.sendMessage(response, () => window.remove(bytes));
    return this.#execution === undefined ? undefined : room;
  }

  reply(response: unknown, status: WireStatus): void {
    if (this.#pipelined) {
      this.#native.sendMessage(response, ignore);
      this.#native.sendStatus(status);
    } else {
      this.#native.sendMessage(response, () => this.#native.sendStatus(status));
    }
  }

  end(status: WireStatus): void {
    if (this.#window === undefined) this.#native.sendStatus(status);
    else this.#window.close(() => this.#native.sendStatus(status));
  }

  #takeOver(execution: Execution): void {
    const stream = takeOverStream(this.#native);
    if (stream !== undefined) this.#requests = new RequestStream(stream, execution);
  }
}

function ignore(): void {}
