import { EventEmitter } from "node:events";
import type { Http2Server } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/**
 * The http2 servers under a grpc-js server, one for each bound port and connection injector. grpc-js
 * hands out neither them nor their sessions and streams, which flow control and timeouts are a matter
 * of. So this looks, and changes nothing, where it keeps them; when it keeps them elsewhere one day,
 * there are none, and its own limits are all there is.
 */
export function http2ServersOf(server: Server): Http2Server[] {
  const kept: unknown = Reflect.get(server, "http2Servers");
  return kept instanceof Map ? [...kept.keys()].filter(isHttp2Server) : [];
}

function isHttp2Server(value: unknown): value is Http2Server {
  return value instanceof EventEmitter && "updateSettings" in value;
}
