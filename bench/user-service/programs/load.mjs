// The load: calls of one operation, a number of them at a time on one connection of node:http2.
import { connect, constants } from "node:http2";
import { control } from "./control.mjs";
import { frame, requestHeaders, Unframer } from "./framing.mjs";
import { operations, probes } from "./operations.mjs";

const windowBytes = 16 * 1024 * 1024;
const sessions = new Map();

control(null, {
  /** The status and the messages of each probe. */
  async probe({ port, token }) {
    const answers = [];
    for (const [name, requests] of probes) {
      const { path, response } = operations[name];
      const messages = [];
      const onMessage = (bytes, start, end) => {
        messages.push(response.decode(bytes.subarray(start, end)));
      };
      const { status } = await call({ port, token, path, requests, onMessage });
      answers.push([name, status, status === "0" ? messages : []]);
    }
    return answers;
  },
  /** Calls for a while or so many times, and waits for their ends. Times are in milliseconds. */
  async run({ port, token, operation, inFlight, ms = Infinity, calls = Infinity }) {
    const { path, requests, answers } = operations[operation];
    const times = [];
    let refused = 0;
    const start = performance.now();
    const oneAfterTheOther = async () => {
      while (performance.now() - start < ms && times.length < calls) {
        const begin = performance.now();
        let received = 0;
        const onMessage = () => {
          received += 1;
        };
        const { status, text } = await call({ port, token, path, requests: requests(), onMessage });
        // By ours, when its process has to wait for the core: to be called again.
        if (status === "8") {
          refused += 1;
          continue;
        }
        if (status !== "0" || received !== answers) {
          throw new Error(`${operation}: status ${status} ${text}, ${received} messages`);
        }
        times.push(performance.now() - begin);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, oneAfterTheOther));
    const sorted = times.sort((a, b) => a - b);
    const share = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
    return {
      calls: times.length,
      refused,
      ms: performance.now() - start,
      p50: share(0.5),
      p99: share(0.99),
    };
  },
});

async function call({ port, token, path, requests, onMessage }) {
  const stream = session(port).request({
    ...requestHeaders(`/user.UserService/${path}`),
    "grpc-timeout": "10S",
    ...(token && { authorization: `Bearer ${token}` }),
  });
  let ended = {};
  const note = (headers) => {
    if ("grpc-status" in headers) ended = headers;
  };
  const replies = new Unframer(onMessage);
  stream.on("data", (chunk) => replies.push(chunk));
  stream.on("response", note);
  stream.on("trailers", note);
  stream.end(Buffer.concat(requests.map(frame)));
  await new Promise((resolve, reject) => {
    // A server that has refused a call may reset it.
    stream.on("error", () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR && ended["grpc-status"] === undefined) {
        reject(new Error(`${path} of ${port} was reset`));
      }
    });
    stream.on("close", resolve);
  });
  return { status: ended["grpc-status"], text: ended["grpc-message"] };
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
