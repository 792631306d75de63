// Handlers that go on until somebody stops them.
import { sleep } from "../clock.mjs";
import { enter } from "./handler-log.mjs";
import { kilobyte } from "./texts.mjs";

/** @param stack see `probeHandlers` */
export function lastingHandlers(stack) {
  const log = (context) => {
    const entry = enter(stack.header(context, "x-id"));
    const signal = stack.signal(context);
    if (signal.aborted) entry.notified();
    else signal.addEventListener("abort", entry.notified);
    return entry;
  };

  return {
    unary: {
      async wait(request, context) {
        const entry = log(context);
        await aborted(stack.signal(context));
        entry.ended();
        return request;
      },
    },

    serverStreaming: {
      async *wait(request, context) {
        const entry = log(context);
        try {
          yield request;
          await aborted(stack.signal(context));
        } finally {
          entry.ended();
        }
      },
      async *endless(request, context) {
        const entry = log(context);
        try {
          for (;;) {
            yield request;
            await sleep(10);
          }
        } finally {
          entry.ended();
        }
      },
      async *stalled(_request, context) {
        const entry = log(context);
        try {
          for (;;) yield kilobyte();
        } finally {
          entry.ended();
        }
      },
    },

    clientStreaming: {
      async wait(requests, context) {
        const entry = log(context);
        for await (const request of requests) {
          await aborted(stack.signal(context));
          entry.ended();
          return request;
        }
      },
      async read(requests, context) {
        const entry = log(context);
        try {
          for await (const _request of requests);
        } finally {
          entry.ended();
        }
        return {};
      },
    },

    bidi: {
      async *wait(requests, context) {
        const entry = log(context);
        try {
          for await (const request of requests) {
            yield request;
            await aborted(stack.signal(context));
          }
        } finally {
          entry.ended();
        }
      },
      async *read(requests, context) {
        const entry = log(context);
        try {
          for await (const request of requests) yield request;
        } finally {
          entry.ended();
        }
      },
    },
  };
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
}
