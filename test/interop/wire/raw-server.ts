import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { listenLocally } from "../../peers/support/listen.ts";

export type RawHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface RawServer {
  readonly address: string;
  close(): void;
}

/** A server by bare HTTP/2, which answers as no server of gRPC needs to. */
export async function startRawServer(handle: RawHandler): Promise<RawServer> {
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    handle(stream, headers);
  });
  return {
    address: await listenLocally(server),
    close: () => {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

/** Answers with headers alone. */
export function answerHeaders(stream: ServerHttp2Stream, headers: Record<string, unknown>): void {
  const fields = { ":status": 200, "content-type": "application/grpc" };
  stream.respond({ ...fields, ...headers }, { endStream: true });
}
