// HTTP/2 without a library, for callers that keep to no rule: RFC 9113, section 6.
import { connect } from "node:net";

const types = { data: 0, headers: 1, rstStream: 3, settings: 4 };
const endStream = 1;
const endHeaders = 4;
const cancel = Buffer.of(0, 0, 0, 8);
const initialWindowSize = 4;
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

function rawFrame(type, flags, stream, payload) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK, as a literal without Huffman and without a place in the table. */
function literal([name, value]) {
  const sized = (text) => [Buffer.of(text.length), Buffer.from(text)];
  return Buffer.concat([Buffer.of(0), ...sized(name), ...sized(value)]);
}

/** A connection that never widens a window; what the server says is read and thrown away. */
export async function openRaw(port, { window = 65_535 } = {}) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(initialWindowSize, 0);
  setting.writeUInt32BE(window, 2);
  socket.write(Buffer.concat([preface, rawFrame(types.settings, 0, 0, setting)]));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.resume();
  return socket;
}

/** The number of the stream of a call, by the number of the call. */
const streamOf = (call) => 2 * call + 1;

/** A complete request. */
export function rawCall(call, path, mode, message) {
  const headers = {
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "localhost",
    "content-type": "application/grpc",
    te: "trailers",
    "x-mode": mode,
  };
  const block = Buffer.concat(Object.entries(headers).map(literal));
  return Buffer.concat([
    rawFrame(types.headers, endHeaders, streamOf(call), block),
    rawFrame(types.data, endStream, streamOf(call), message),
  ]);
}

export function rawReset(call) {
  return rawFrame(types.rstStream, 0, streamOf(call), cancel);
}

/** Writes until all is written or the server has had enough. */
export async function writeRaw(socket, chunks) {
  for (const chunk of chunks) {
    if (socket.destroyed) return;
    if (socket.write(chunk)) continue;
    await new Promise((resolve) => {
      const timer = setTimeout(() => socket.destroy(), 10_000);
      const go = () => {
        clearTimeout(timer);
        socket.off("drain", go).off("close", go);
        resolve();
      };
      socket.once("drain", go).once("close", go);
    });
  }
}
