import { describe, expect, test } from "vitest";
import type { CallContext } from "../../../runtime/src/index.ts";
import { bestOf } from "../support/best-of.ts";
import { drivers } from "../support/drivers.ts";
import { signpost, startEcho } from "../support/echo.ts";
import { type RawCall, rawCall } from "../support/raw-call.ts";

const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;
type Method = (typeof methods)[number];

/** What has happened to the one running handler, and when. */
interface Trace {
  readonly started: Promise<void>;
  readonly aborted: Promise<number>;
  readonly closed: Promise<number>;
}

/** Handlers that would go on for ever; those that stream do not look at the signal. */
function endless() {
  const started = signpost();
  const aborted = signpost<number>();
  const closed = signpost<number>();
  const watch = ({ signal }: CallContext) => {
    signal.addEventListener("abort", () => aborted.reach(performance.now()));
    started.reach();
  };
  const never = async (context: CallContext) => {
    watch(context);
    try {
      await new Promise((_resolve, reject) => {
        context.signal.addEventListener("abort", () => reject(context.signal.reason));
      });
      return {};
    } finally {
      closed.reach(performance.now());
    }
  };
  async function* yielding(context: CallContext) {
    watch(context);
    try {
      for (;;) yield { data: new Uint8Array(1024) };
    } finally {
      closed.reach(performance.now());
    }
  }
  const trace: Trace = {
    started: started.reached,
    aborted: aborted.reached,
    closed: closed.reached,
  };
  const handlers = {
    unary: (_request: unknown, context: CallContext) => never(context),
    serverStream: (_request: unknown, context: CallContext) => yielding(context),
    clientStream: (_requests: unknown, context: CallContext) => never(context),
    bidi: (_requests: unknown, context: CallContext) => yielding(context),
  };
  return { trace, handlers };
}

function begin(port: number, method: Method, headers = {}): RawCall {
  // Never read: what is to be sent stalls.
  const call = rawCall(port, `/runtime.test.Echo/${method}`, { read: false, headers });
  call.send(Buffer.alloc(0));
  if (method === "Unary" || method === "ServerStream") call.end();
  return call;
}

/** What we promise, in milliseconds. */
const maxMs = 50;

const leavings: Record<string, (call: RawCall) => void> = {
  cancels: (call) => call.cancel(),
  disconnects: (call) => call.session.destroy(),
};

describe.each(drivers)("$name", (driver) => {
  describe.each(methods)("%s", (method) => {
    test.each(Object.entries(leavings))("the caller %s", async (_how, leave) => {
      const took = await bestOf(maxMs, async () => {
        const { trace, handlers } = endless();
        const { port } = await startEcho({ handlers }, driver);
        const call = begin(port, method);
        await trace.started;
        // Long enough for a stream to fill what its caller does not read.
        await new Promise((resolve) => setTimeout(resolve, 30));
        const before = performance.now();
        leave(call);
        return Math.max(await trace.aborted, await trace.closed) - before;
      });
      expect(took).toBeLessThan(maxMs);
    });

    test("the deadline passes, although the caller does not read", async () => {
      const took = await bestOf(maxMs, async () => {
        const { trace, handlers } = endless();
        const { port } = await startEcho({ handlers }, driver);
        const before = performance.now();
        // Long enough for the call to reach its handler on a busy machine, too.
        const deadlineMs = 300;
        begin(port, method, { "grpc-timeout": `${deadlineMs}m` });
        return Math.max(await trace.aborted, await trace.closed) - before - deadlineMs;
      });
      expect(took).toBeLessThan(maxMs);
    });
  });
});
