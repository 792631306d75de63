import type { Http2Session } from "node:http2";

/**
 * Lets a session send pings after `close()` or a received GOAWAY, while its last streams finish.
 *
 * Node sends no ping on such a session and returns undefined. For grpc-js' keepalive that is a
 * failed ping: it destroys the session, and a graceful stop or a maximum connection age loses the
 * running calls at the next ping, be it the server's or the client's (grpc-node#3068). Real pings
 * also notice peers that have frozen.
 *
 * Relies on grpc-js calling `session.ping`, and on Node's `ping` reading the property `closed`,
 * which is false during the call. Fall-back if they change: grpc-js' own behaviour.
 */
export function pingWhenClosed(session: Http2Session): void {
  const ping = session.ping.bind(session);
  session.ping = (...parameters: unknown[]): boolean => {
    if (!session.closed) return Reflect.apply(ping, undefined, parameters);
    Object.defineProperty(session, "closed", { value: false, configurable: true });
    try {
      return Reflect.apply(ping, undefined, parameters);
    } finally {
      Reflect.deleteProperty(session, "closed");
    }
  };
}
