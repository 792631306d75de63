import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { http2ServersOf } from "./http2-servers.ts";
import { defaultServerLimits, type ServerLimits } from "./limits.ts";
import { PrefaceTimeouts } from "./preface-timeouts.ts";
import { correctHeaders } from "./request-headers.ts";

/**
 * Enforces those limits that grpc-js has no option for, except the time for requests, on the ports
 * of a server that `GrpcServer` does not build. Call it once, after the last `bindAsync`.
 */
export function guardConnections(server: Server, limits: Partial<ServerLimits> = {}): void {
  for (const http2Server of http2ServersOf(server)) {
    guardHttp2Server(http2Server, { ...defaultServerLimits, ...limits });
  }
}

export function guardHttp2Server(http2Server: Http2Server, limits: ServerLimits): void {
  const window = limits.flowControlWindowBytes;
  const prefaces = new PrefaceTimeouts(limits.prefaceTimeoutMs);
  http2Server.updateSettings({ initialWindowSize: window });
  http2Server.prependListener("connection", (socket) => prefaces.expect(socket));
  http2Server.on("session", (session: ServerHttp2Session) => {
    session.setLocalWindowSize(window);
    session.once("remoteSettings", () => prefaces.arrived(session.socket));
  });
  // Before grpc-js sees them.
  http2Server.prependListener("stream", (_stream, headers) => correctHeaders(headers));
}
