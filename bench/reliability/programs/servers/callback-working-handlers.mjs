// Handlers that take a while, by grpc-js' own interface; the request says how long.
import { enterSlow } from "./handler-log.mjs";
import { compute, holdPermit, largeReply } from "./work.mjs";

/** A message now and one later. */
function rest(call, request, end) {
  enterSlow();
  call.write(request);
  setTimeout(() => {
    call.write(request);
    end();
  }, request.number);
}

export const workingHandlers = {
  /** Of unary calls, and of client streaming after the last request. */
  unary: {
    rest(request, callback) {
      enterSlow();
      setTimeout(() => callback(null, request), request.number);
    },
    compute(request, callback) {
      compute(request.number);
      callback(null, request);
    },
    async permit(request, callback) {
      await holdPermit(request.number);
      callback(null, request);
    },
    large: (_request, callback) => callback(null, largeReply()),
  },

  serverStreaming: {
    rest: (call) => rest(call, call.request, () => call.end()),
  },

  bidi: {
    rest(call) {
      call.on("data", (request) => rest(call, request, () => call.end()));
    },
  },
};
