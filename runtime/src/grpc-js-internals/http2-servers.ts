import { EventEmitter } from "node:events";
import type { Http2Server } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/**
 * The HTTP/2 servers of a grpc-js server: one per bound port and per connection injector.
 * Flow-control windows, preface timeouts and checks of request headers need them, and grpc-js does
 * not expose them.
 *
 * Reads the private field `Server.http2Servers`. Fall-back without it: an empty list, which makes
 * `guardHttp2Servers` warn.
 */
export function http2ServersOf(server: Server): Http2Server[] {
  const servers: unknown = Reflect.get(server, "http2Servers");
  return servers instanceof Map ? [...servers.keys()].filter(isHttp2Server) : [];
}

function isHttp2Server(value: unknown): value is Http2Server {
  return value instanceof EventEmitter && "updateSettings" in value;
}
