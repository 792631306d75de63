import { once } from "node:events";
import { connect } from "node:http2";
import { promisify } from "node:util";
import { cleanUp } from "../../support/echo.ts";

/** A call that the server has begun and cannot finish. */
export interface OpenCall {
  /** `grpc-status` once the server ends the call; undefined when it cuts it off. */
  readonly status: Promise<string | undefined>;
}

/**
 * Opens a call whose request never arrives, until the test is over. It speaks HTTP/2 itself: a gRPC
 * client would send the request.
 */
export async function openCall(address: string): Promise<OpenCall> {
  const session = connect(`http://${address}`);
  cleanUp(() => session.destroy());
  session.on("error", () => {}); // the server may be gone first
  await once(session, "connect");
  const stream = session.request(
    {
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    },
    { endStream: false },
  );
  const status = new Promise<string | undefined>((resolve) => {
    // Without a message before it, the status comes in the headers.
    for (const event of ["response", "trailers"]) {
      stream.on(event, (headers) => {
        if (headers["grpc-status"] !== undefined) resolve(headers["grpc-status"]);
      });
    }
    stream.once("close", () => resolve(undefined));
  });
  stream.on("error", () => {});
  stream.resume();
  // Frames are answered in order: after the ping, the call has begun.
  await promisify(session.ping.bind(session))();
  return { status };
}
