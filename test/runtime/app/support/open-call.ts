import { once } from "node:events";
import { promisify } from "node:util";
import { rawCall } from "../../support/raw-call.ts";

/** A call that the server has begun and cannot finish. */
export interface OpenCall {
  /** `grpc-status` once the server ends the call; undefined when it cuts it off. */
  readonly status: Promise<unknown>;
}

/** Opens a call whose request never arrives, until the test is over. */
export async function openCall(address: string): Promise<OpenCall> {
  const port = Number(address.replace(/^.*:/, ""));
  const { session, outcome } = rawCall(port, "/grpc.health.v1.Health/Check");
  await once(session, "connect");
  // Frames are handled in order: after the ping, the call has begun.
  await promisify(session.ping.bind(session))();
  return { status: outcome.then(({ statuses }) => statuses[0]) };
}
