// What clients whose streams are iterated over have in common.
import { request } from "./drive.mjs";

/** @param options makes the stack's own of `mode` and `{ deadlineMs, waits }` */
export function iteratedClient(client, options) {
  return {
    unary: (mode, settings) => client.unary(request, options(mode, settings)),
    async stream(mode, settings) {
      for await (const _reply of client.serverStreaming(request, options(mode, settings)));
    },
    async readOne(pattern, mode) {
      const settings = options(mode, {});
      const replies =
        pattern === "bidi"
          ? client.bidi(oneRequest(), settings)
          : client.serverStreaming(request, settings);
      await replies[Symbol.asyncIterator]().next();
    },
    async rest(pattern, message) {
      const settings = options("rest", {});
      if (pattern === "unary") return client.unary(message, settings).then(() => 1);
      if (pattern === "client streaming") {
        return client.clientStreaming(only(message), settings).then(() => 1);
      }
      const replies =
        pattern === "bidi"
          ? client.bidi(only(message), settings)
          : client.serverStreaming(message, settings);
      let received = 0;
      for await (const _reply of replies) received += 1;
      return received;
    },
  };
}

async function* only(message) {
  yield message;
}

/** Sends one message and does not end. */
async function* oneRequest() {
  yield request;
  await new Promise(() => {});
}
