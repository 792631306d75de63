// The neutral client: HTTP/2 by hand, but with what every gRPC client does.
import { connect, constants } from "node:http2";
import { now, sleep } from "../clock.mjs";
import { requestHeaders, Unframer } from "../framing.mjs";
import { note, paths } from "../note.mjs";

const limitMs = 10_000;
const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = constants;

/** Connects again when the server wants no more calls, and repeats a call that it has not taken. */
export class Channel {
  #port;
  #session;

  constructor(port) {
    this.#port = port;
  }

  /** Calls that are made before count as open at once, whatever the server allows. */
  connected() {
    this.#session ??= this.#open();
    return this.#session;
  }

  /** @param call `{ pattern, mode, number, timeoutMs, cancelMs }`; the last is when to cancel it */
  async call(call) {
    const outcome = await exchange(await this.connected(), call);
    return outcome.refused ? exchange(await this.connected(), call) : outcome;
  }

  async close() {
    (await this.connected()).destroy();
  }

  async #open() {
    const session = connect(`http://127.0.0.1:${this.#port}`, { maxSessionMemory: 1000 });
    session.on("error", () => {});
    const drop = () => {
      this.#session = undefined;
    };
    session.once("goaway", drop).once("close", drop);
    await Promise.race([
      new Promise((resolve) => session.once("remoteSettings", resolve)),
      new Promise((resolve) => session.once("close", resolve)),
      sleep(limitMs),
    ]);
    return session;
  }
}

/** One call to its end. */
function exchange(session, { pattern = "unary", mode = "echo", number, timeoutMs, cancelMs }) {
  if (session.closed || session.destroyed) return { refused: true, status: null, code: "closed" };
  const start = now();
  const timeout = timeoutMs === undefined ? {} : { "grpc-timeout": `${timeoutMs}m` };
  const stream = session.request({
    ...requestHeaders(paths[pattern]),
    "x-mode": mode,
    ...timeout,
  });
  let status = null;
  let received = 0;
  const take = (headers) => {
    status = headers["grpc-status"] ?? status;
  };
  const replies = new Unframer(() => {
    received += 1;
  });
  stream.on("error", () => {});
  stream.on("response", take);
  stream.on("trailers", take);
  stream.on("data", (chunk) => replies.push(chunk));
  stream.end(note(number));
  return new Promise((resolve) => {
    let late = "";
    const giveUp = () => {
      late = ", given up";
      stream.close(NGHTTP2_CANCEL);
    };
    const timer = setTimeout(giveUp, cancelMs ?? timeoutMs ?? limitMs);
    stream.on("close", () => {
      clearTimeout(timer);
      const refused = status === null && stream.rstCode === NGHTTP2_REFUSED_STREAM;
      const end = status === null ? `reset ${stream.rstCode}` : `status ${status}`;
      const code = `${end}${late}`;
      resolve({ status, received, refused, ms: now() - start, code });
    });
  });
}
