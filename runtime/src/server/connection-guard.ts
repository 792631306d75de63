import { EventEmitter } from "node:events";
import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import type { Server } from "@grpc/grpc-js";
import { defaultServerLimits, type ServerLimits } from "./limits.ts";
import { correctHeaders } from "./request-headers.ts";

/**
 * Enforces those limits that grpc-js has no option for, except the time for requests, on the ports
 * of a server that `GrpcServer` does not build. Call it once, after the last `bindAsync`.
 */
export function guardConnections(server: Server, limits: Partial<ServerLimits> = {}): void {
  guardHttp2Servers(http2ServersOf(server), { ...defaultServerLimits, ...limits });
}

/** @param http2Servers none, and the process is warned: then grpc-js' own limits are all there is. */
export function guardHttp2Servers(
  http2Servers: readonly Http2Server[],
  limits: ServerLimits,
): void {
  if (http2Servers.length === 0) warnUnguarded();
  for (const http2Server of http2Servers) guardHttp2Server(http2Server, limits);
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

function guardHttp2Server(http2Server: Http2Server, limits: ServerLimits): void {
  const window = limits.flowControlWindowBytes;
  const prefaces = new PrefaceTimeouts(limits.prefaceTimeoutMs);
  http2Server.updateSettings({ initialWindowSize: window });
  http2Server.prependListener("connection", (socket) => prefaces.expect(socket));
  http2Server.on("session", (session: ServerHttp2Session) => {
    session.setLocalWindowSize(window);
    session.once("remoteSettings", () => prefaces.arrived(session.socket));
  });
  http2Server.prependListener("stream", admit);
}

/** Sees a stream before grpc-js does. */
function admit(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.once("close", forget);
  correctHeaders(stream, headers);
}

/**
 * Lets go of what listened to an ended stream, that is of its call. The stream itself lives longer:
 * Node keeps those of a session in a `Map`, whose outgrown tables wait in the old generation and keep
 * alive for the scavenger what they held. With the calls, that is a tenth of the throughput of unary
 * calls.
 */
function forget(this: ServerHttp2Stream): void {
  this.removeAllListeners();
}

/**
 * The http2 servers under a grpc-js server, one for each bound port and connection injector. grpc-js
 * hands out neither them nor their sessions and streams, which flow control and timeouts are a matter
 * of. So this looks, and changes nothing, where it keeps them; when it keeps them elsewhere one day,
 * there are none.
 */
export function http2ServersOf(server: Server): Http2Server[] {
  const kept: unknown = Reflect.get(server, "http2Servers");
  return kept instanceof Map ? [...kept.keys()].filter(isHttp2Server) : [];
}

function isHttp2Server(value: unknown): value is Http2Server {
  return value instanceof EventEmitter && "updateSettings" in value;
}

/** What tells a connection from all others, on the plain socket and on the TLS socket over it. */
type Endpoint = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Closes connections that do not get as far as HTTP/2: sockets that say nothing, TLS handshakes that
 * are never finished, prefaces that come byte by byte. Socket files, which only this machine can
 * reach, have no such limit.
 */
class PrefaceTimeouts {
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, NodeJS.Timeout>();

  /** @param timeoutMs 0 for no limit */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A connection has been accepted. */
  expect(socket: Socket): void {
    const key = keyOf(socket);
    if (key === undefined || this.#timeoutMs === 0) return;
    const timer = setTimeout(() => socket.destroy(), this.#timeoutMs);
    timer.unref();
    this.#pending.set(key, timer);
    socket.once("close", () => this.#forget(key, timer));
  }

  /** Its first frame of HTTP/2 has come. */
  arrived(endpoint: Endpoint): void {
    const key = keyOf(endpoint);
    if (key === undefined) return;
    this.#forget(key, this.#pending.get(key));
  }

  #forget(key: string, timer: NodeJS.Timeout | undefined): void {
    clearTimeout(timer);
    // A new connection of the same port may have taken its place.
    if (this.#pending.get(key) === timer) this.#pending.delete(key);
  }
}

function keyOf({ remoteAddress, remotePort }: Endpoint): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
