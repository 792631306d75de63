// Handlers that go on until somebody stops them, by grpc-js' own interface.
import { once } from "node:events";
import { sleep } from "../clock.mjs";
import { enter } from "./handler-log.mjs";
import { kilobyte } from "./texts.mjs";

function log(call) {
  const entry = enter(call.metadata.get("x-id")[0]);
  call.on("cancelled", entry.notified);
  return entry;
}

export const lastingHandlers = {
  unary: {
    wait(request, callback, call) {
      const entry = log(call);
      call.on("cancelled", () => {
        entry.ended();
        callback(null, request);
      });
    },
  },

  serverStreaming: {
    wait(call) {
      const entry = log(call);
      call.write(call.request);
      call.on("cancelled", () => {
        entry.ended();
        call.end();
      });
    },
    async endless(call) {
      const entry = log(call);
      while (!call.cancelled) {
        call.write(call.request);
        await sleep(10);
      }
      entry.ended();
    },
    async stalled(call) {
      const entry = log(call);
      while (!call.cancelled) {
        if (!call.write(kilobyte())) await once(call, "drain");
      }
      entry.ended();
    },
  },

  clientStreaming: {
    wait(call, callback) {
      const entry = log(call);
      call.on("data", () => {});
      call.on("cancelled", () => {
        entry.ended();
        callback(null, {});
      });
    },
    async read(call, callback) {
      const entry = log(call);
      try {
        for await (const _request of call);
        callback(null, {});
      } catch (error) {
        callback(error);
      } finally {
        entry.ended();
      }
    },
  },

  bidi: {
    wait(call) {
      const entry = log(call);
      call.on("data", (request) => call.write(request));
      call.on("cancelled", () => {
        entry.ended();
        call.end();
      });
    },
    async read(call) {
      const entry = log(call);
      try {
        for await (const request of call) {
          if (!call.write(request)) await once(call, "drain");
        }
        call.end();
      } catch (error) {
        call.destroy(error);
      } finally {
        entry.ended();
      }
    },
  },
};
