// Handlers that take a while, as promises and generators; the request says how long.
import { sleep } from "../clock.mjs";
import { enterSlow } from "./handler-log.mjs";
import { compute, holdPermit, largeReply } from "./work.mjs";

async function* rest(request) {
  enterSlow();
  yield request;
  await sleep(request.number);
  yield request;
}

export const workingHandlers = {
  /** Of unary calls, and of client streaming after the last request. */
  unary: {
    async rest(request) {
      enterSlow();
      await sleep(request.number);
      return request;
    },
    compute(request) {
      compute(request.number);
      return request;
    },
    async permit(request) {
      await holdPermit(request.number);
      return request;
    },
    large: largeReply,
  },

  serverStreaming: { rest },

  bidi: {
    async *rest(requests) {
      for await (const request of requests) yield* rest(request);
    },
  },
};
