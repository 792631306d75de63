// Callers that take what they can of a server.
import { connect } from "node:http2";
import { sleep } from "./clock.mjs";
import { control } from "./control.mjs";
import { requestHeaders } from "./framing.mjs";
import { largeNote, note, paths } from "./note.mjs";
import { openRaw, rawCall, rawReset, writeRaw } from "./raw-frames.mjs";

const hello = note(1);

function openMany(port, connections, options) {
  return Promise.all(Array.from({ length: connections }, () => openRaw(port, options)));
}

function* resets(count) {
  for (let call = 0; call < count; call += 1) {
    yield Buffer.concat([rawCall(call, paths["server streaming"], "echo", hello), rawReset(call)]);
  }
}

function* calls(count, pattern, mode) {
  for (let call = 0; call < count; call += 1) yield rawCall(call, paths[pattern], mode, hello);
}

control(null, {
  /** Complete calls that are reset at once. */
  async reset({ port, connections, each }) {
    const sockets = await openMany(port, connections);
    await Promise.all(sockets.map((socket) => writeRaw(socket, resets(each))));
    await sleep(500);
    for (const socket of sockets) socket.destroy();
  },

  /** Calls that send without end to a caller who reads nothing. */
  async stall({ port, connections, each }) {
    const sockets = await openMany(port, connections);
    const all = () => calls(each, "server streaming", "stalled");
    await Promise.all(sockets.map((socket) => writeRaw(socket, all())));
  },

  /** Calls whose large answers have no window to come through. */
  async leaveAnswers({ port, count }) {
    const [socket] = await openMany(port, 1, { window: 0 });
    await writeRaw(socket, calls(count, "unary", "large"));
  },

  /** Large requests that lack their last byte. */
  async upload({ port, count }) {
    // Node counts what waits to be sent.
    const session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 1000 });
    session.on("error", () => {});
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    const body = largeNote().subarray(0, -1);
    for (let call = 0; call < count; call += 1) {
      const stream = session.request(requestHeaders(paths.unary));
      stream.on("error", () => {});
      stream.resume();
      stream.write(body);
    }
  },
});
