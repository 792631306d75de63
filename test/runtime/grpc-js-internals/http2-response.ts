import { constants, createServer, type ServerHttp2Stream } from "node:http2";
import { cleanUp } from "../support/echo.ts";

export interface Http2Response {
  /** Bytes of all messages. */
  readonly body: Buffer;
  readonly trailers: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/**
 * A server on node:http2 that responds to every call as soon as it begins, and then resets the
 * stream, as servers do that need no more requests (RFC 9113, 8.1).
 *
 * @returns its port, and the streams that have arrived
 */
export async function startHttp2Server(
  response: Http2Response,
): Promise<{ port: number; streams: readonly ServerHttp2Stream[] }> {
  const streams: ServerHttp2Stream[] = [];
  const server = createServer();
  server.on("session", (session) => cleanUp(() => session.destroy()));
  server.on("stream", (stream) => {
    streams.push(stream);
    stream.on("error", () => {});
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", ...response.headers },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => {
      stream.sendTrailers(response.trailers);
      setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), 5);
    });
    stream.end(response.body);
  });
  cleanUp(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return { port: address.port, streams };
}
