// The neutral caller: HTTP/2 by hand, so that nothing of a client stands between.
import { connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";
import { now, sleep } from "./clock.mjs";
import { control } from "./control.mjs";
import { frame, requestHeaders, Unframer } from "./framing.mjs";

const paths = {
  unary: "Unary",
  "server streaming": "ServerStreaming",
  "client streaming": "ClientStreaming",
  bidi: "Bidi",
};
const note = frame(Buffer.from("\x0a\x05hello"));
const kilobyte = frame(Buffer.concat([Buffer.of(0x1a, 0x80, 0x08), Buffer.alloc(1024, 7)]));
const opened = new Map();
let pings;

control(null, {
  /** One call to its end: status and text, null if it does not end in time. */
  async call({ port, pattern, mode, timeout, limitMs = 2000 }) {
    const session = openSession(port);
    const outcome = await finished(request(session, { pattern, mode, timeout }), pattern, limitMs);
    session.destroy();
    return outcome;
  },

  /** Leaves a call open on a connection of its own; settles when its handler has begun. Tells when
   * it was sent. */
  async open({ port, id, pattern, mode, timeout, reads = true }) {
    const session = openSession(port);
    await new Promise((resolve) => session.once("connect", resolve));
    const at = now();
    const stream = request(session, { pattern, mode, timeout, id });
    const begun = new Promise((resolve) => stream.once(reads ? "data" : "response", resolve));
    if (reads) stream.resume();
    stream.write(note);
    if (pattern === "unary" || pattern === "server streaming") stream.end();
    opened.set(id, { session, stream });
    // Without a response there is no sign of it.
    await Promise.race([begun, sleep(200)]);
    return { at };
  },

  cancel({ id }) {
    opened.get(id).stream.close(constants.NGHTTP2_CANCEL);
    return { at: now() };
  },

  disconnect({ id }) {
    opened.get(id).session.destroy();
    return { at: now() };
  },

  /** Calls repeatedly; returns how long the slowest call took. */
  startPings({ port }) {
    pings = { running: true };
    pings.done = pingUntilStopped(port);
  },

  stopPings() {
    pings.running = false;
    return pings.done;
  },

  /** Many calls at once: how many did not end with OK and all their messages. */
  async load({ port, unary, streams }) {
    const sessions = [];
    const many = (count, pattern, messages) => {
      // One for each pattern: a connection carries no more than 100 calls.
      const session = openSession(port);
      sessions.push(session);
      return Array.from({ length: count }, async () => {
        const stream = request(session, { pattern, mode: "slow" });
        const { status, received } = await finished(stream, pattern, 8000);
        return status === "0" && received === messages ? 0 : 1;
      });
    };
    const calls = [...many(unary, "unary", 1), ...many(streams, "server streaming", 5)];
    const lost = (await Promise.all(calls)).reduce((sum, one) => sum + one, 0);
    for (const session of sessions) session.destroy();
    return { lost };
  },

  /** Sends a bidirectional call as much as it takes and reads nothing. */
  async sendUnread({ port, ms }) {
    const session = openSession(port);
    const stream = request(session, { pattern: "bidi", mode: "echo" });
    let running = true;
    const send = () => {
      while (running && !stream.destroyed) {
        if (!stream.write(kilobyte)) return void stream.once("drain", send);
      }
    };
    send();
    await sleep(ms);
    running = false;
    session.destroy();
  },

  /** Connects and says nothing; and again to say no more than that it speaks HTTP/2. */
  async beSilent({ port }) {
    const socket = connectSocket(port, "127.0.0.1");
    socket.on("error", () => {});
    const session = openSession(port);
    for (const connection of [socket, session]) {
      await new Promise((resolve) => connection.once("connect", resolve));
    }
  },
});

function openSession(port) {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  return session;
}

function request(session, { pattern, mode, timeout, id = "" }) {
  const headers = { ...requestHeaders(`/bench.Probe/${paths[pattern]}`), "x-mode": mode };
  if (timeout !== undefined) headers["grpc-timeout"] = timeout;
  if (id !== "") headers["x-id"] = id;
  const stream = session.request(headers);
  stream.on("error", () => {});
  return stream;
}

/** Sends what the pattern needs, and waits for the end. */
function finished(stream, pattern, limitMs) {
  if (pattern === "bidi" || pattern === "client streaming") stream.write(note);
  stream.end(note);
  let status = null;
  let text = "";
  let received = 0;
  const take = (headers) => {
    status = headers["grpc-status"] ?? status;
    text = headers["grpc-message"] ?? text;
  };
  const replies = new Unframer(() => {
    received += 1;
  });
  stream.on("response", take);
  stream.on("trailers", take);
  stream.on("data", (chunk) => replies.push(chunk));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ ended: false, status, text, received });
      stream.close(constants.NGHTTP2_CANCEL);
    }, limitMs);
    stream.on("close", () => {
      clearTimeout(timer);
      resolve({ ended: true, status, text, received });
    });
  });
}

async function pingUntilStopped(port) {
  const session = openSession(port);
  let worstMs = 0;
  while (pings.running) {
    const start = now();
    const call = request(session, { pattern: "unary", mode: "echo" });
    const { status } = await finished(call, "unary", 30_000);
    worstMs = Math.max(worstMs, status === "0" ? now() - start : Number.POSITIVE_INFINITY);
    await sleep(10);
  }
  session.destroy();
  return { worstMs };
}
