// The same handlers by grpc-js' own interface.
import { Metadata } from "@grpc/grpc-js";
import { sleep } from "../clock.mjs";
import { lastingHandlers } from "./callback-lasting-handlers.mjs";
import { workingHandlers } from "./callback-working-handlers.mjs";
import { enterSlow } from "./handler-log.mjs";
import { badTrailer, floodMessages, kilobyte, secret, texts, unencodable } from "./texts.mjs";

const header = (call, key) => call.metadata.get(key)[0];

function illegalTrailers() {
  const metadata = new Metadata();
  metadata.set(...badTrailer);
  return metadata;
}

/** Ways to fail that do not depend on the pattern; `fail` takes a status. */
const failures = {
  throw() {
    throw new Error(secret);
  },
  async reject() {
    await sleep(1);
    throw new Error(secret);
  },
  /** As after `catch (error)`. */
  "plain error": (fail) => fail(new Error(secret)),
  async "non-error"() {
    await sleep(1);
    throw secret;
  },
  "bad code": (fail) => fail({ code: 99, details: "no such code" }),
  surrogate: (fail) => fail({ code: 3, details: texts.surrogate }),
  control: (fail) => fail({ code: 3, details: texts.control }),
  long: (fail) => fail({ code: 3, details: texts.long }),
};

const replies = {
  ...lastingHandlers.unary,
  ...workingHandlers.unary,
  echo: (request, callback) => callback(null, request),
  nothing: (_request, callback) => callback(null, undefined),
  twice(request, callback) {
    callback(null, request);
    callback(null, request);
  },
  unencodable: (_request, callback) => callback(null, unencodable),
  "bad trailer": (request, callback) => callback(null, request, illegalTrailers()),
  slow(request, callback) {
    enterSlow();
    setTimeout(() => callback(null, request), 1000);
  },
};

const streams = {
  ...lastingHandlers.serverStreaming,
  ...workingHandlers.serverStreaming,
  echo(call) {
    call.write(call.request);
    call.end();
  },
  "after a message"(call) {
    call.write(call.request);
    throw new Error(secret);
  },
  finally(call) {
    call.write(call.request);
    call.end();
    throw new Error(secret);
  },
  "write after end"(call) {
    call.end();
    call.write(call.request);
  },
  "bad trailer"(call) {
    call.end(illegalTrailers());
  },
  unencodable(call) {
    call.write(call.request);
    call.write(unencodable);
    call.end();
  },
  async slow(call) {
    enterSlow();
    for (let sent = 0; sent < 5; sent += 1) {
      call.write(call.request);
      await sleep(200);
    }
    call.end();
  },
  flood(call) {
    for (let sent = 0; sent < floodMessages; sent += 1) call.write(kilobyte());
    call.end();
  },
};

const collectors = {
  ...lastingHandlers.clientStreaming,
  "on a message"(call) {
    call.on("data", () => {
      throw new Error(secret);
    });
  },
  early(_call, callback) {
    callback(null, { text: "enough" });
  },
};

const chats = {
  ...lastingHandlers.bidi,
  ...workingHandlers.bidi,
  echo(call) {
    call.on("data", (request) => call.write(request));
    call.on("end", () => call.end());
  },
  "on a message"(call) {
    call.on("data", () => {
      throw new Error(secret);
    });
  },
  "after a message"(call) {
    call.on("data", (request) => {
      call.write(request);
      throw new Error(secret);
    });
  },
  unencodable(call) {
    call.write(unencodable);
    call.end();
  },
  async early(call) {
    for await (const request of call) {
      call.write(request);
      break;
    }
    call.end();
  },
};

/** Reads everything, then answers with the last one. */
function collect(call, callback) {
  const reply = replies[header(call, "x-mode")] ?? replies.echo;
  let last = {};
  call.on("data", (request) => {
    last = request;
  });
  call.on("end", () => reply(last, callback, call));
}

export const handlers = {
  unary(call, callback) {
    const mode = header(call, "x-mode");
    if (mode in failures) return failures[mode](callback);
    (replies[mode] ?? replies.echo)(call.request, callback, call);
  },
  serverStreaming(call) {
    const mode = header(call, "x-mode");
    if (mode in failures) return failures[mode]((status) => call.emit("error", status));
    (streams[mode] ?? streams.echo)(call);
  },
  clientStreaming(call, callback) {
    const mode = header(call, "x-mode");
    if (mode in failures) return failures[mode](callback);
    (collectors[mode] ?? collect)(call, callback);
  },
  bidi(call) {
    const mode = header(call, "x-mode");
    if (mode in failures) return failures[mode]((status) => call.emit("error", status));
    (chats[mode] ?? chats.echo)(call);
  },
};
