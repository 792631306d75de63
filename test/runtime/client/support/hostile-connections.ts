import {
  anyError,
  connectionLost,
  ending,
  type Hostile,
  onCall,
  reply,
} from "./hostile-behaviour.ts";
import { END_STREAM, frameTypes, hpack, type RawPeer, uint32 } from "./raw-server.ts";

/** Goes on until the connection is closed. */
function forever(peer: RawPeer, step: () => void): void {
  const timer = setInterval(() => {
    if (peer.socket.writable) step();
    else clearInterval(timer);
  }, 2);
}

const resets: Record<string, Hostile> = {};
for (const [code, expected] of Object.entries({
  // Requests may still be sent after it.
  0: "INTERNAL|DEADLINE_EXCEEDED",
  1: "INTERNAL",
  2: "INTERNAL",
  3: "INTERNAL",
  5: "INTERNAL",
  7: "UNAVAILABLE",
  8: "CANCELLED",
  9: "INTERNAL",
  11: "RESOURCE_EXHAUSTED",
  12: "PERMISSION_DENIED",
  255: "INTERNAL",
})) {
  resets[`RST_STREAM ${code}`] = onCall(new RegExp(`^(${expected})$`), (peer) =>
    peer.reset(Number(code)),
  );
}

/** Servers that break the rules of HTTP/2, or end what they have begun. */
export const hostileConnections: Record<string, Hostile> = {
  ...resets,
  "GOAWAY that refuses the call": onCall(connectionLost, (peer) => peer.goAway(0, 0)),
  "GOAWAY with an error": onCall(connectionLost, (peer) => peer.goAway(2, peer.stream)),
  "GOAWAY, and silence": onCall(/^DEADLINE_EXCEEDED$/, (peer) => peer.goAway(0, peer.stream)),
  "GOAWAY in the middle of a reply": onCall(/^(UNAVAILABLE|RESOURCE_EXHAUSTED)$/, (peer) => {
    peer.begin();
    peer.message(reply);
    peer.goAway(11, peer.stream);
    peer.socket.end();
  }),
  "a socket that is half closed": onCall(connectionLost, (peer) => peer.socket.end()),
  "a socket that is reset": onCall(connectionLost, (peer) => peer.socket.resetAndDestroy()),
  "headers, and silence": onCall(/^DEADLINE_EXCEEDED$/, (peer) => peer.begin()),
  "silence after the settings": onCall(/^DEADLINE_EXCEEDED$/, () => {}),
  "silence from the beginning": { expected: /^DEADLINE_EXCEEDED$/, onConnection: () => {} },
  "a socket that closes at once": {
    expected: /^UNAVAILABLE$/,
    onConnection: (peer) => peer.socket.destroy(),
  },
  "HTTP/1.1": {
    expected: /^UNAVAILABLE$/,
    onConnection: (peer) => peer.socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  },
  "garbage from the beginning": {
    expected: /^(UNAVAILABLE|DEADLINE_EXCEEDED)$/,
    onConnection: (peer) => peer.socket.write(Buffer.alloc(4_096, 0xa5)),
  },
  "garbage frames": onCall(anyError, (peer) => {
    peer.begin();
    peer.socket.write(Buffer.alloc(4_096, 0xa5));
  }),
  "frames of unknown types": onCall(/^OK 1$/, (peer) => {
    for (let type = 20; type < 40; type += 1) peer.frame(type, 255, peer.stream, reply);
    ending("0")(peer);
  }),
  "DATA before HEADERS": onCall(anyError, (peer) => peer.message(reply)),
  "DATA on another stream": onCall(anyError, (peer) =>
    peer.frame(frameTypes.DATA, 0, peer.stream + 200, reply),
  ),
  "DATA after the end": onCall(/^(OK 1|[A-Z_]+)$/, (peer) => {
    ending("0")(peer);
    peer.message(reply);
    peer.end("5");
  }),
  "HEADERS without an end": onCall(anyError, (peer) => {
    const block = hpack([[":status", "200"]]);
    peer.frame(frameTypes.HEADERS, 0, peer.stream, block);
    forever(peer, () => {
      const more = hpack([["x-more", "x".repeat(8_000)]]);
      peer.frame(frameTypes.CONTINUATION, 0, peer.stream, more);
    });
  }),
  "informational headers without an end": onCall(anyError, (peer) =>
    forever(peer, () =>
      peer.headers([
        [":status", "103"],
        ["link", "x".repeat(1_000)],
      ]),
    ),
  ),
  "headers of 1 MB": onCall(anyError, (peer) => {
    const block = hpack([
      [":status", "200"],
      ["x-large", "x".repeat(1_000_000)],
    ]);
    peer.frame(frameTypes.HEADERS, 0, peer.stream, block.subarray(0, 16_384));
    for (let start = 16_384; start < block.length; start += 16_384) {
      const flags = start + 16_384 >= block.length ? 4 : 0;
      const part = block.subarray(start, start + 16_384);
      peer.frame(frameTypes.CONTINUATION, flags, peer.stream, part);
    }
  }),
  "an illegal HPACK index": onCall(anyError, (peer) =>
    peer.frame(frameTypes.HEADERS, 4, peer.stream, Buffer.from([0xff, 0xff, 0xff, 0x0f])),
  ),
  "DATA beyond the window": onCall(anyError, (peer) => {
    peer.begin();
    peer.frame(frameTypes.DATA, 0, peer.stream, Buffer.from([0, ...uint32(4_000_000)]));
    for (let round = 0; round < 100; round += 1) peer.data(Buffer.alloc(16_384));
  }),
  "windows that overflow": onCall(anyError, (peer) => {
    for (let round = 0; round < 3; round += 1) {
      peer.frame(frameTypes.WINDOW_UPDATE, 0, 0, uint32(0x7fff_ffff));
    }
  }),
  "pings without an end": onCall(anyError, (peer) =>
    forever(peer, () => {
      for (let round = 0; round < 100; round += 1) {
        peer.frame(frameTypes.PING, 0, 0, Buffer.alloc(8));
      }
    }),
  ),
  "settings without an end": onCall(anyError, (peer) =>
    forever(peer, () => {
      for (let round = 0; round < 100; round += 1) peer.frame(frameTypes.SETTINGS, 0, 0);
    }),
  ),
  "a pushed stream": onCall(anyError, (peer) => {
    const promise = Buffer.concat([uint32(2), hpack([[":status", "200"]])]);
    peer.frame(frameTypes.PUSH_PROMISE, 4, peer.stream, promise);
  }),
  "a pushback of ages": onCall(/^(UNAVAILABLE|DEADLINE_EXCEEDED)$/, (peer) =>
    peer.headers(
      [
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", "14"],
        ["grpc-retry-pushback-ms", "1000000"],
      ],
      END_STREAM,
    ),
  ),
  "a pushback that is none": onCall(/^UNAVAILABLE$/, (peer) =>
    peer.headers(
      [
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", "14"],
        ["grpc-retry-pushback-ms", "soon"],
      ],
      END_STREAM,
    ),
  ),
};
