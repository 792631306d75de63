// Handlers as promises and generators, for nice-grpc, connect-node and ours.
import { sleep } from "../clock.mjs";
import { lastingHandlers } from "./async-lasting-handlers.mjs";
import { workingHandlers } from "./async-working-handlers.mjs";
import { enterSlow } from "./handler-log.mjs";
import { badTrailer, floodMessages, kilobyte, secret, texts, unencodable } from "./texts.mjs";

/**
 * @param stack what is different: `header(context, key)`, `signal(context)`, `trailer(context, key,
 *   value)` and `failure(code, text)`, the stack's own error
 */
export function probeHandlers(stack) {
  const modeOf = (context) => stack.header(context, "x-mode");
  const fail = failures(stack);
  const lasting = lastingHandlers(stack);
  const unary = { ...replies, ...lasting.unary };
  const serverStreaming = { ...streams, ...lasting.serverStreaming };
  const clientStreaming = { ...collectors, ...lasting.clientStreaming };
  const bidi = { ...chats, ...lasting.bidi };
  return {
    unary(request, context) {
      const mode = modeOf(context);
      const failed = fail[mode]?.(context);
      if (failed !== undefined) return failed.then(() => request);
      return (unary[mode] ?? unary.echo)(request, context);
    },
    serverStreaming(request, context) {
      const mode = modeOf(context);
      const failed = fail[mode]?.(context);
      if (failed !== undefined) return afterFailure(failed, request);
      return (serverStreaming[mode] ?? serverStreaming.echo)(request, context);
    },
    clientStreaming(requests, context) {
      const mode = modeOf(context);
      const failed = fail[mode]?.(context);
      if (failed !== undefined) return failed.then(() => ({}));
      return clientStreaming[mode]?.(requests, context) ?? answerLast(requests, replies[mode]);
    },
    bidi(requests, context) {
      const mode = modeOf(context);
      const failed = fail[mode]?.(context);
      if (failed !== undefined) return afterFailure(failed, {});
      return (bidi[mode] ?? bidi.echo)(requests, context);
    },
  };
}

/** Ways to fail that do not depend on the pattern. */
function failures(stack) {
  return {
    throw() {
      throw new Error(secret);
    },
    async reject() {
      await sleep(1);
      throw new Error(secret);
    },
    // Where an error is thrown, there is no other way to answer with one.
    async "plain error"() {
      throw new Error(secret);
    },
    async "non-error"() {
      await sleep(1);
      throw secret;
    },
    async "bad trailer"(context) {
      stack.trailer(context, ...badTrailer);
    },
    async "bad code"() {
      throw stack.failure(99, "no such code");
    },
    async surrogate() {
      throw stack.failure(3, texts.surrogate);
    },
    async control() {
      throw stack.failure(3, texts.control);
    },
    async long() {
      throw stack.failure(3, texts.long);
    },
  };
}

async function* afterFailure(failed, reply) {
  await failed;
  yield reply;
}

const replies = {
  ...workingHandlers.unary,
  echo: (request) => request,
  nothing: () => undefined,
  unencodable: () => unencodable,
  async slow(request) {
    enterSlow();
    await sleep(1000);
    return request;
  },
};

async function answerLast(requests, reply) {
  let last = {};
  for await (const request of requests) last = request;
  return reply === undefined ? last : reply(last);
}

const streams = {
  ...workingHandlers.serverStreaming,
  async *echo(request) {
    yield request;
  },
  async *"after a message"(request) {
    yield request;
    throw new Error(secret);
  },
  async *finally(request) {
    try {
      yield request;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: this is what is tried.
      throw new Error(secret);
    }
  },
  async *unencodable(request) {
    yield request;
    yield unencodable;
  },
  async *slow(request) {
    enterSlow();
    for (let sent = 0; sent < 5; sent += 1) {
      yield request;
      await sleep(200);
    }
  },
  async *flood() {
    for (let sent = 0; sent < floodMessages; sent += 1) yield kilobyte();
  },
};

const collectors = {
  async "on a message"(requests) {
    for await (const _request of requests) throw new Error(secret);
  },
  async early() {
    return { text: "enough" };
  },
};

const chats = {
  ...workingHandlers.bidi,
  async *echo(requests) {
    for await (const request of requests) yield request;
  },
  // biome-ignore lint/correctness/useYield: it does not come to that.
  async *"on a message"(requests) {
    for await (const _request of requests) throw new Error(secret);
  },
  async *"after a message"(requests) {
    for await (const request of requests) {
      yield request;
      throw new Error(secret);
    }
  },
  async *unencodable() {
    yield unencodable;
  },
  async *early(requests) {
    for await (const request of requests) {
      yield request;
      return;
    }
  },
};
