import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { Server as NetServer } from "node:net";
import type { Server } from "@grpc/grpc-js";
import { http2ServersOf } from "../grpc-js-internals/http2-servers.ts";
import { pingWhenClosed } from "../grpc-js-internals/ping-when-closed.ts";
import { correctHeaders } from "../grpc-js-internals/request-headers.ts";
import { skipUndefinedHeaders } from "../grpc-js-internals/undefined-headers.ts";
import { Admission, type AdmissionEvents } from "./admission.ts";
import { defaultServerLimits, type ServerLimits } from "./limits.ts";
import { PrefaceTimeouts } from "./preface-timeouts.ts";

/**
 * Enforces the limits that grpc-js has no option for, except the request timeout, on the ports of a
 * server other than `GrpcServer`. Call it once, after the last `bindAsync`.
 *
 * @param events what is called about abuse and overload
 */
export function guardConnections(
  server: Server,
  limits: Partial<ServerLimits> = {},
  events: AdmissionEvents = {},
): void {
  const all = { ...defaultServerLimits, ...limits };
  const http2Servers = http2ServersOf(server);
  for (const http2Server of http2Servers) limitConnections(http2Server, all);
  guardHttp2Servers(http2Servers, all, new Admission(all, events));
}

/** Makes a server that listens close connections beyond the limit. */
export function limitConnections(server: NetServer, { maxConnections }: ServerLimits): void {
  if (maxConnections > 0) server.maxConnections = maxConnections;
}

/** @param http2Servers if empty, only grpc-js' own limits apply, and the process emits a warning */
export function guardHttp2Servers(
  http2Servers: readonly Http2Server[],
  limits: ServerLimits,
  admission: Admission,
): void {
  if (http2Servers.length === 0) warnUnguarded();
  for (const http2Server of http2Servers) guardHttp2Server(http2Server, limits, admission);
}

let warned = false;

function warnUnguarded(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    "connections are without flow-control window, preface timeout and checks of headers: " +
      "no HTTP/2 server was found under a grpc.Server. It has no port yet, or this version of " +
      "@grpc/grpc-js keeps them elsewhere",
    { code: "GRPC_CONNECTIONS_UNGUARDED" },
  );
}

function guardHttp2Server(
  http2Server: Http2Server,
  limits: ServerLimits,
  admission: Admission,
): void {
  const window = limits.flowControlWindowBytes;
  const prefaces = new PrefaceTimeouts(limits.prefaceTimeoutMs);
  http2Server.updateSettings({ initialWindowSize: window });
  http2Server.prependListener("connection", (socket) => prefaces.start(socket));
  http2Server.on("session", (session: ServerHttp2Session) => {
    session.setLocalWindowSize(window);
    pingWhenClosed(session);
    session.once("remoteSettings", () => prefaces.clear(session.socket));
  });
  admission.guard(http2Server);
  // Prepended, to run before whatever runs the call.
  http2Server.prependListener("stream", prepareStream);
}

function prepareStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  skipUndefinedHeaders(stream);
  correctHeaders(stream, headers);
}
