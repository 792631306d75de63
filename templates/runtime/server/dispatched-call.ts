import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { receivedDeadline } from "../deadline.ts";
import type { WireStatus } from "../status.ts";
import { createExecution } from "./create-execution.ts";
import type { Execution } from "./execution.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { OpenCalls } from "./open-calls.ts";
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
  readonly #window: SendWindow;
  #execution: Execution | undefined;

  /**
   * @param native the call below. grpc-js' innermost call takes messages and a status one after the
   *   other without waiting; interceptors have one slot for a message and lose a status behind it.
   */
  constructor(native: ServerInterceptingCallInterface, plan: MethodPlan, openCalls: OpenCalls) {
    super(native);
    this.#native = native;
    this.#plan = plan;
    this.#openCalls = openCalls;
    this.#window = new SendWindow(!(native instanceof ServerInterceptingCall));
  }

  override start(_handlerOfGrpcJs: NativeListener): void {
    this.#native.start(this);
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#execution = createExecution(this.#plan, this, metadata);
    this.#openCalls.add(this.#execution);
    this.#execution.begin();
  }

  onReceiveMessage(message: unknown): void {
    this.#execution?.onMessage(message);
  }

  onReceiveHalfClose(): void {
    this.#execution?.onHalfClose();
  }

  /** Called for every call when it is over, not only for cancelled ones. */
  onCancel(): void {
    const execution = this.#execution;
    if (execution === undefined) return;
    // What refers to this call may live on; it need not keep the execution alive.
    this.#execution = undefined;
    this.#openCalls.delete(execution);
    execution.onOver();
    this.#window.open();
  }

  get peer(): string {
    return this.#native.getPeer();
  }

  get deadline(): Date | undefined {
    return receivedDeadline(this.#native.getDeadline());
  }

  read(): void {
    this.#native.startRead();
  }

  sendHeader(header: Metadata): void {
    this.#native.sendMetadata(header);
  }

  send(response: unknown): Promise<void> | undefined {
    const bytes = Buffer.isBuffer(response) ? response.length : 0;
    const room = this.#window.add(bytes);
    this.#native.sendMessage(response, () => this.#window.remove(bytes));
    return this.#execution === undefined ? undefined : room;
  }

  end(status: WireStatus): void {
    this.#window.close(() => this.#native.sendStatus(status));
  }
}
