import { gzipSync } from "node:zlib";
import { anyError, ending, type Hostile, onCall, reply } from "./hostile-behaviour.ts";
import { END_STREAM, type RawPeer, uint32 } from "./raw-server.ts";

const html = Buffer.from("<html><body>Bad gateway</body></html>");
const page = (status: string) => (peer: RawPeer) => {
  peer.headers([
    [":status", status],
    ["content-type", "text/html"],
  ]);
  peer.data(html, END_STREAM);
};

const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

/** Servers that speak HTTP/2, and break the rules of gRPC. */
export const hostileAnswers: Record<string, Hostile> = {
  "two replies": onCall(
    /^OK 2$/,
    (peer) => {
      peer.begin();
      peer.message(reply);
      peer.message(reply);
      peer.end("0");
    },
    /^UNIMPLEMENTED$/,
  ),
  "two replies and no end": onCall(
    /^DEADLINE_EXCEEDED$/,
    (peer) => {
      peer.begin();
      peer.message(reply);
      peer.message(reply);
    },
    /^UNIMPLEMENTED$/,
  ),
  "no reply": onCall(
    /^OK 0$/,
    (peer) => {
      peer.begin();
      peer.end("0");
    },
    /^UNIMPLEMENTED$/,
  ),
  "no reply, trailers only": onCall(
    /^OK 0$/,
    (peer) =>
      peer.headers(
        [
          [":status", "200"],
          ["content-type", "application/grpc"],
          ["grpc-status", "0"],
        ],
        END_STREAM,
      ),
    /^UNIMPLEMENTED$/,
  ),
  "no trailers": onCall(/^(INTERNAL|UNKNOWN)$/, (peer) => {
    peer.begin();
    peer.message(reply);
    peer.data(Buffer.alloc(0), END_STREAM);
  }),
  "no trailers and no reply": onCall(/^(INTERNAL|UNKNOWN)$/, (peer) => {
    peer.begin();
    peer.data(Buffer.alloc(0), END_STREAM);
  }),
  "trailers without a status": onCall(/^UNKNOWN$/, (peer) => {
    peer.begin();
    peer.message(reply);
    peer.headers([["x-other", "1"]], END_STREAM);
  }),
  "status 99": onCall(/^UNKNOWN$/, ending("99")),
  "status -1": onCall(/^UNKNOWN$/, ending("-1")),
  "status abc": onCall(/^UNKNOWN$/, ending("abc")),
  "status 1e400": onCall(/^UNKNOWN$/, ending("1e400")),
  "two statuses": onCall(/^UNKNOWN$/, (peer) => {
    peer.begin();
    peer.message(reply);
    peer.headers(
      [
        ["grpc-status", "0"],
        ["grpc-status", "5"],
      ],
      END_STREAM,
    );
  }),
  "details that are garbage": onCall(/^NOT_FOUND$/, (peer) => {
    peer.begin();
    peer.end("5", ["grpc-status-details-bin", "!!!%%% no base64"]);
  }),
  "details that are no status": onCall(/^NOT_FOUND$/, (peer) => {
    peer.begin();
    peer.end("5", ["grpc-status-details-bin", "//////////8"]);
  }),
  "a text that is no percent-encoding": onCall(/^NOT_FOUND$/, (peer) => {
    peer.begin();
    peer.end("5", ["grpc-message", "%ZZ %E0%A4 \u00ff\u00fe %"]);
  }),
  "HTML with status 200": onCall(/^UNKNOWN$/, page("200")),
  "HTML with status 404": onCall(/^UNIMPLEMENTED$/, page("404")),
  "HTML with status 503": onCall(/^UNAVAILABLE$/, page("503")),
  "HTTP status 503 without a body": onCall(/^UNAVAILABLE$/, (peer) =>
    peer.headers([[":status", "503"]], END_STREAM),
  ),
  "JSON that ends with status 0": onCall(/^UNKNOWN$/, (peer) => {
    peer.headers([
      [":status", "200"],
      ["content-type", "application/json"],
    ]);
    peer.message(reply);
    peer.end("0");
  }),
  "no :status": onCall(anyError, (peer) => peer.headers([["content-type", "application/grpc"]])),
  "headers that HTTP/2 forbids": onCall(anyError, (peer) =>
    peer.headers([
      [":status", "200"],
      ["connection", "close"],
      ["Upper", "case"],
    ]),
  ),
  "a reply that is no message": onCall(/^INTERNAL$/, (peer) => {
    peer.begin();
    peer.message(Buffer.from([255, 255, 255, 255]));
    peer.end("0");
  }),
  "an oversized reply": onCall(/^RESOURCE_EXHAUSTED$/, (peer) => {
    peer.begin();
    peer.data(Buffer.concat([Buffer.from([0]), uint32(5 * 1024 * 1024), reply]));
  }),
  "a reply of 4 GiB": onCall(/^RESOURCE_EXHAUSTED$/, (peer) => {
    peer.begin();
    peer.data(Buffer.concat([Buffer.from([0]), uint32(0xffff_ffff), reply]));
  }),
  "half a prefix": onCall(/^INTERNAL$/, (peer) => {
    peer.begin();
    peer.data(Buffer.from([0, 0, 0]));
    peer.end("0");
  }),
  "a reply and half a prefix": onCall(/^INTERNAL$/, (peer) => {
    peer.begin();
    peer.message(reply);
    peer.data(Buffer.from([0, 0, 0]));
    peer.end("0");
  }),
  "half a reply, and silence": onCall(/^DEADLINE_EXCEEDED$/, (peer) => {
    peer.begin();
    peer.data(Buffer.from([0, 0, 0, 0, 9, 1]));
  }),
  "an unknown compression": onCall(/^INTERNAL$/, (peer) => {
    peer.begin(["grpc-encoding", "snappy"]);
    peer.message(reply, 1);
    peer.end("0");
  }),
  "a compression that was not announced": onCall(/^INTERNAL$/, (peer) => {
    peer.begin();
    peer.message(reply, 1);
    peer.end("0");
  }),
  "gzip that is none": onCall(/^INTERNAL$/, (peer) => {
    peer.begin(["grpc-encoding", "gzip"]);
    peer.message(reply, 1);
    peer.end("0");
  }),
  "a gzip bomb": onCall(/^RESOURCE_EXHAUSTED$/, (peer) => {
    peer.begin(["grpc-encoding", "gzip"]);
    peer.message(bomb, 1);
    peer.end("0");
  }),
};
