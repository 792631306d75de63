import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
} from "node:http2";
import { cleanUp } from "../support/echo.ts";

/** A connection without a client library, whose settings have been exchanged. */
export async function openSession(
  port: number,
  options: ClientSessionOptions = {},
): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`, options);
  session.on("error", () => {});
  cleanUp(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

/** A call whose headers are sent; everything else is up to the test. */
export function startCall(session: ClientHttp2Session, method: string): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": `/runtime.test.Echo/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  return stream;
}
