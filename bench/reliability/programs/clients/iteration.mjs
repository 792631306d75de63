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
  };
}

/** Sends one message and does not end. */
async function* oneRequest() {
  yield request;
  await new Promise(() => {});
}
