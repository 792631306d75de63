import type { EchoStatus } from "../gen/grpc/testing/messages_pb.ts";

/** A status as grpc-js knows it, whose code is a number: the runtime sends it as it is. */
class EchoedStatus extends Error {
  readonly code: number;
  readonly details: string;

  constructor({ code, message }: EchoStatus) {
    super(message);
    this.code = code;
    this.details = message;
  }
}

/** Feature "Echo Status": ends the call as its request says, if it does. */
export function endAsAsked(wanted: EchoStatus | undefined): void {
  if (wanted !== undefined && wanted.code !== 0) throw new EchoedStatus(wanted);
}
