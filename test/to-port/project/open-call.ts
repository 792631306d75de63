import { once } from "node:events";
import { connect } from "node:http2";
import { promisify } from "node:util";

/** A call that the server has begun and cannot finish. */
export interface OpenCall {
  /** `grpc-status` once the server ends the call; undefined when it cuts it off. */
  readonly status: Promise<string | undefined>;
  close(): void;
}

/** Opens a call whose request never comes. By hand: a gRPC client would send it. */
export async function openCall(address: string): Promise<OpenCall> {
  const session = connect(`http://${address}`);
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
  // Frames are answered in their order: after the ping, the call has begun.
  await promisify(session.ping.bind(session))();
  return { status, close: () => session.destroy() };
}
