import type { ServerHttp2Stream } from "node:http2";
import type { GrpcError } from "../error.ts";
import { errorStatus } from "../status.ts";
import { sendStatusOnly } from "./send-headers.ts";

/** Answers a call that has not run. */
export function refuseStream(stream: ServerHttp2Stream, error: GrpcError): void {
  sendStatusOnly(stream, errorStatus(error));
  // What the caller still sends is dropped.
  stream.resume();
}
