import type { Attributes } from "@opentelemetry/api";

/**
 * The server that a client calls, by the target of its channel. A target that names several servers, or
 * whose scheme is not known, is the address as it is.
 */
export function targetAttributes(target: string): Attributes {
  const socket = /^unix:(?:\/\/)?(.+)$/.exec(target)?.[1];
  if (socket !== undefined) return { "server.address": socket };
  const endpoint = /^(?:(?:dns|ipv4|ipv6):)?(?:\/\/[^/]*\/)?([^/,]+)$/.exec(target)?.[1];
  return endpoint === undefined ? { "server.address": target } : authorityAttributes(endpoint);
}

/** The same function, which remembers its last result: most calls in a row have the same text. */
export function rememberLast(attributesOf: (text: string) => Attributes): typeof attributesOf {
  let last: string | undefined;
  let result: Attributes = {};
  return (text) => {
    if (text !== last) {
      last = text;
      result = attributesOf(text);
    }
    return result;
  };
}

/** A server by its `host:port`, as its callers name it. */
export function authorityAttributes(authority: string): Attributes {
  if (authority === "") return {};
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  return {
    "server.address": bracketed ?? plain ?? authority,
    ...(port !== undefined && { "server.port": Number(port) }),
  };
}

/** The other side of a connection. None while it is not known. */
export function peerAttributes(peer: string): Attributes {
  // On a server, grpc-js leaves out the brackets of IPv6.
  const [, address, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(peer) ?? [];
  if (address !== undefined) {
    return { "network.peer.address": address, "network.peer.port": Number(port) };
  }
  // Otherwise it is a Unix socket, or a text that says that nothing is known.
  return peer.startsWith("/") ? { "network.peer.address": peer } : {};
}
