// Breaks gRPC, HTTP/2 or TCP in the way that `x-mode` names.
import { createServer } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { control } from "./control.mjs";
import { frame, writeAll } from "./framing.mjs";

const reply = frame(Buffer.from("\x0a\x05hello"));
const ok = { "grpc-status": "0" };
const grpc = { ":status": 200, "content-type": "application/grpc" };

/** A response with these headers, body and trailers. */
function respond(stream, headers, body, trailers) {
  stream.respond(headers, { waitForTrailers: trailers !== undefined });
  if (trailers !== undefined) stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(body);
}

function compressed(bytes) {
  const framed = frame(bytes);
  framed[0] = 1;
  return framed;
}

function* endless(chunk) {
  for (;;) yield chunk;
}

const bomb = compressed(gzipSync(Buffer.alloc(64 * 1024 ** 2)));
const large = frame(
  Buffer.concat([Buffer.of(0x1a, 0x80, 0x80, 0xc0, 0x02), Buffer.alloc(5 * 1024 ** 2)]),
);
const kilobyte = frame(Buffer.concat([Buffer.of(0x1a, 0x80, 0x08), Buffer.alloc(1024, 7)]));

const modes = {
  echo: (stream) => respond(stream, grpc, reply, ok),
  "two replies": (stream) => respond(stream, grpc, Buffer.concat([reply, reply]), ok),
  "two replies, no end": (stream) => {
    stream.respond(grpc);
    stream.write(Buffer.concat([reply, reply]));
  },
  "no reply": (stream) => respond(stream, grpc, undefined, ok),
  "no trailers": (stream) => respond(stream, grpc, reply),
  "no end": (stream) => {
    stream.respond(grpc);
    stream.write(reply);
  },
  "headers only": (stream) => stream.respond(grpc),
  "no answer": () => {},
  HTML: (stream) => respond(stream, { ":status": 200, "content-type": "text/html" }, "<p>hello"),
  "HTTP 503": (stream) => respond(stream, { ":status": 503 }, "busy"),
  "HTTP 404": (stream) => respond(stream, { ":status": 404 }, "nothing here"),
  "endless interim headers": (stream) => {
    const more = () => {
      if (stream.destroyed) return;
      stream.additionalHeaders({ ":status": 103 });
      setTimeout(more, 5);
    };
    more();
  },
  "large headers": (stream) =>
    respond(stream, { ...grpc, "x-large": "x".repeat(60_000) }, reply, ok),
  "status 99": (stream) => respond(stream, grpc, reply, { "grpc-status": "99" }),
  "status -1": (stream) => respond(stream, grpc, reply, { "grpc-status": "-1" }),
  "status abc": (stream) => respond(stream, grpc, reply, { "grpc-status": "abc" }),
  "status missing": (stream) => respond(stream, grpc, reply, { "x-other": "1" }),
  "bad text": (stream) =>
    respond(stream, grpc, reply, { "grpc-status": "5", "grpc-message": "%E0%A4%A" }),
  "bad details": (stream) =>
    respond(stream, grpc, undefined, { "grpc-status": "5", "grpc-status-details-bin": "AAECAwQ" }),
  "not protobuf": (stream) => respond(stream, grpc, frame(Buffer.from("\xff\xff\xff")), ok),
  "large message": (stream) => respond(stream, grpc, large, ok),
  "unknown encoding": (stream) =>
    respond(stream, { ...grpc, "grpc-encoding": "zebra" }, compressed(Buffer.from("hello")), ok),
  "not gzip": (stream) =>
    respond(stream, { ...grpc, "grpc-encoding": "gzip" }, compressed(Buffer.from("hello")), ok),
  "gzip bomb": (stream) => respond(stream, { ...grpc, "grpc-encoding": "gzip" }, bomb, ok),
  "truncated message": (stream) => respond(stream, grpc, reply.subarray(0, 7), ok),
  "endless message": (stream) => {
    stream.respond(grpc);
    writeAll(stream, endless(Buffer.alloc(16_384, 1)));
  },
  "endless replies": (stream) => {
    stream.respond(grpc);
    writeAll(stream, endless(kilobyte));
  },
  reset: (stream) => {
    stream.respond(grpc);
    stream.close(2);
  },
  refused: (stream) => stream.close(7),
  "go away": (stream) => stream.session.goaway(0),
  "go away, and hang up": (stream) => {
    stream.session.goaway(2);
    stream.session.destroy();
  },
};

const server = createServer();
server.on("sessionError", () => {});
server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  (modes[headers["x-mode"]] ?? modes.echo)(stream);
});

/** Below HTTP/2. */
const peers = {
  "no HTTP/2": (socket) => socket.resume(),
  garbage: (socket) => socket.end(Buffer.alloc(64 * 1024, 0xa5)),
  "HTTP/1": (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  "hangs up": (socket) => socket.destroy(),
};

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

const ports = {};
for (const [mode, behave] of Object.entries(peers)) {
  const peer = createTcpServer((socket) => {
    socket.on("error", () => {});
    behave(socket);
  });
  ports[mode] = await listen(peer);
}
const port = await listen(server);
for (const mode of Object.keys(modes)) ports[mode] = port;
control({ ports });
