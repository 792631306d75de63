import type { Metadata } from "@grpc/grpc-js";
import type { ClientCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import type { MethodInfo } from "../method.ts";
import type { NativeCall } from "./native-call.ts";

/** The call that client interceptors see. */
export class ClientCallState extends CallState implements ClientCall {
  readonly deadline: Date | undefined;
  header: Metadata | undefined;
  trailer: Metadata | undefined;
  /** Set once the innermost layer has opened the call. */
  native: NativeCall | undefined;

  constructor(method: MethodInfo, metadata: Metadata, deadline: Date | undefined) {
    super(method, metadata);
    this.deadline = deadline;
  }

  get peer(): string {
    return this.native?.getPeer() ?? "unknown";
  }
}
