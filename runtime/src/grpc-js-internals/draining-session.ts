import type { Http2Session } from "node:http2";

type PingCallback = (error: Error | null, durationMs: number, payload: Buffer<ArrayBuffer>) => void;

/**
 * Keeps a connection that is closing gracefully alive until its calls have ended.
 *
 * Once a session has sent or received GOAWAY, Node sends no ping for it: `ping` returns undefined
 * and fails. grpc-js takes that for a dead connection and destroys the session with its running
 * calls (grpc-node#3068). Here such a ping succeeds without being sent, so that a drain and a
 * connection's age lose no call to keepalive. What ends the calls of a peer that is gone is their
 * deadline, and on a server the grace of the drain or the age.
 *
 * Relies on grpc-js sending its pings through `session.ping(callback)`. Fall-back if it does not:
 * grpc-js' own behaviour.
 */
export function keepWhileDraining(session: Http2Session): void {
  const ping = session.ping.bind(session);
  session.ping = (...parameters: [PingCallback] | [NodeJS.ArrayBufferView, PingCallback]) => {
    if (!session.closed || session.destroyed) {
      return parameters.length === 1 ? ping(parameters[0]) : ping(...parameters);
    }
    const callback = parameters.length === 1 ? parameters[0] : parameters[1];
    process.nextTick(callback, null, 0, Buffer.alloc(8));
    return true;
  };
}
