// The neutral client: calls one pattern again and again and counts messages. Decodes nothing.
import { connect } from "node:http2";
import { control } from "./control.mjs";
import { frame, pieces, requestHeaders, Unframer, writeAll } from "./framing.mjs";
import { numberBytes, numberIn, sampleUserBytes } from "./sample.mjs";

const user = frame(sampleUserBytes);
const windowBytes = 16 * 1024 * 1024;
const limitMs = 10_000;
const sessions = new Map();

const patterns = {
  unary: { path: "GetUser", body: () => [frame(numberBytes(42))] },
  "server streaming": { path: "StreamUsers", body: (count) => [frame(numberBytes(count))] },
  "client streaming": { path: "CreateUsers", body: (count) => pieces(user, count) },
  bidi: { path: "ChatWithUsers", body: (count) => pieces(user, count) },
};

control(null, {
  /** One call: what came back, for a look whether it is right. */
  async call({ port, token, pattern, count }) {
    return call({ port, token }, pattern, count);
  },
  /** Calls for a while; messages are those that a stream carried, whichever way. */
  async run({ port, token, pattern, count, ms }) {
    const start = performance.now();
    let messages = 0;
    while (performance.now() - start < ms) {
      const { received, last } = await call({ port, token }, pattern, count);
      messages += pattern === "client streaming" ? numberIn(Buffer.from(last, "hex")) : received;
    }
    return { messages, ms: performance.now() - start };
  },
});

/** Number of messages received, the last one in hex, and the status. */
async function call({ port, token }, pattern, count) {
  const { path, body } = patterns[pattern];
  const stream = session(port).request({
    ...requestHeaders(`/bench.Users/${path}`),
    ...(token && { authorization: `Bearer ${token}` }),
  });
  let received = 0;
  let last = "";
  let status;
  const replies = new Unframer((bytes, start, end) => {
    received += 1;
    last = bytes.subarray(start, end);
  });
  stream.on("data", (chunk) => replies.push(chunk));
  stream.on("response", (headers) => {
    status = headers["grpc-status"];
  });
  stream.on("trailers", (trailers) => {
    status = trailers["grpc-status"];
  });
  writeAll(stream, body(count));
  const timer = setTimeout(() => stream.destroy(new Error(`${pattern} does not end`)), limitMs);
  await new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("close", resolve);
  });
  clearTimeout(timer);
  if (status !== "0") throw new Error(`${pattern} of ${port} ended with ${status}`);
  return { received, last: Buffer.from(last).toString("hex") };
}

/** Windows that are no bound: what is measured is the server. */
function session(port) {
  let found = sessions.get(port);
  if (found === undefined) {
    found = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: windowBytes } });
    found.on("connect", () => found.setLocalWindowSize(windowBytes));
    sessions.set(port, found);
  }
  return found;
}
