import { constants, type Http2Session } from "node:http2";

/** The highest number of a stream: no call that is on its way is refused. */
const anyStream = 2 ** 31 - 1;

/**
 * Makes a peer send its next calls over another connection, and closes this one after its last
 * call. What the peer sends until it has heard of that is still accepted (RFC 9113, section 6.8).
 */
export function retireConnection(session: Http2Session): void {
  if (session.closed || session.destroyed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, anyStream);
  // The answer to a ping comes after everything that the peer has sent before it.
  if (!session.ping(() => session.close())) session.close();
}
