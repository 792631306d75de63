import type { Any } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { type CallContext, GrpcError, type StatusCode } from "../../../templates/runtime/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { countFrames, rawCall } from "../support/raw-call.ts";

const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;
const secret = "password=hunter2";

/** What a handler of any kind does, and the status that its caller gets. */
interface Misbehaviour {
  readonly act: (context: CallContext) => void;
  readonly status: number;
  readonly text: string | RegExp;
}

/** What TypeScript would not let a handler pass. */
function untyped<T>(value: unknown): T {
  return value as T;
}

function throwing(make: () => unknown, status: number, text: string | RegExp): Misbehaviour {
  return {
    act: () => {
      throw make();
    },
    status,
    text,
  };
}

const internal = [13, "internal error"] as const;
const failing = (text: string) => () => new GrpcError("ABORTED", text);

const misbehaviours: Record<string, Misbehaviour> = {
  "throws an error": throwing(() => new Error(secret), ...internal),
  "throws a text": throwing(() => secret, ...internal),
  "throws nothing": throwing(() => undefined, ...internal),
  "throws null": throwing(() => null, ...internal),
  "throws a symbol": throwing(() => Symbol(secret), ...internal),
  "throws a function": throwing(() => () => secret, ...internal),
  "throws what cannot be looked at": throwing(
    () => ({
      get code(): number {
        throw new Error(secret);
      },
    }),
    ...internal,
  ),
  "throws a revoked proxy": throwing(
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
    ...internal,
  ),
  "throws an error of the database": throwing(
    () => Object.assign(new Error(secret), { code: "23505", detail: secret }),
    ...internal,
  ),
  "throws a code beyond 16": throwing(() => ({ code: 17, details: "x" }), 2, "x"),
  "throws a negative code": throwing(() => ({ code: -1, details: "x" }), 2, "x"),
  "throws a broken code": throwing(() => ({ code: 1.5, details: "x" }), 2, "x"),
  "throws no number as code": throwing(() => ({ code: Number.NaN, details: "x" }), 2, "x"),
  "throws OK": throwing(() => ({ code: 0, details: "x" }), ...internal),
  "throws a code of its own": throwing(
    () => new GrpcError(untyped<StatusCode>("OUT_OF_COFFEE"), "x"),
    2,
    "x",
  ),
  "throws a code that every object has": throwing(
    () => new GrpcError(untyped<StatusCode>("toString"), "x"),
    2,
    "x",
  ),
  "throws a number for a code": throwing(() => new GrpcError(untyped<StatusCode>(5), "x"), 2, "x"),
  "throws no text": throwing(
    () => new GrpcError("ABORTED", untyped<string>(undefined)),
    10,
    "undefined",
  ),
  "throws details that are none": throwing(
    () => new GrpcError("ABORTED", secret, { details: [untyped<Any>(null)] }),
    ...internal,
  ),
  "throws details that are no list": throwing(
    () => new GrpcError("ABORTED", secret, { details: untyped<Any[]>(7) }),
    10,
    secret,
  ),
  "throws metadata that is none": throwing(
    () => new GrpcError("ABORTED", secret, { metadata: untyped<Metadata>({ secret }) }),
    ...internal,
  ),
  "throws a lone surrogate": throwing(failing(`cut ${"🙂".slice(0, 1)}`), 10, "cut \ufffd"),
  "throws line breaks": throwing(failing("a\r\nb"), 10, "a\r\nb"),
  "throws NUL": throwing(failing("a\0b"), 10, "a\0b"),
  "throws 200 KB": throwing(failing("가".repeat(70_000)), 10, /^가{340}\.\.\.$/),
  "throws huge metadata": throwing(
    () => {
      const metadata = new Metadata();
      for (let index = 0; index < 1000; index += 1) metadata.add("x-many", "v".repeat(100));
      return new GrpcError("ABORTED", "x", { metadata });
    },
    10,
    "x",
  ),
  "sets a reserved trailer": {
    act: (context) => context.setTrailer("grpc-status", "0"),
    status: 13,
    text: "internal error",
  },
  "sets a text as binary trailer": {
    act: (context) => context.setTrailer("x-bin", secret),
    status: 13,
    text: "internal error",
  },
  "sets a header that no one takes": {
    act: (context) => context.setHeader("x-huge", secret.repeat(10_000)),
    status: 13,
    text: "internal error",
  },
  "sets many small headers": {
    act: (context) => {
      for (let index = 0; index < 1000; index += 1) context.setHeader(`x-${index}`, "v");
    },
    status: 13,
    text: "internal error",
  },
  "sets trailers without end": {
    act: (context) => {
      for (let index = 0; index < 1000; index += 1) context.setTrailer(`x-${index}`, "v");
    },
    status: 0,
    text: "",
  },
};

function handlersDoing(act: Misbehaviour["act"], when: "first" | "last"): EchoHandlers {
  return {
    unary: async (_request, context) => {
      act(context);
      return {};
    },
    serverStream: async function* (_request, context) {
      if (when === "first") act(context);
      yield {};
      if (when === "last") act(context);
    },
    clientStream: async (requests, context) => {
      if (when === "first") act(context);
      for await (const _request of requests);
      if (when === "last") act(context);
      return {};
    },
    bidi: async function* (requests, context) {
      if (when === "first") act(context);
      for await (const _request of requests) yield {};
      if (when === "last") act(context);
    },
  };
}

/** Iterators that keep to no protocol, and the status and messages that come of them. */
const iterators: Record<string, [make: () => unknown, status: string, messages: number]> = {
  "goes on after its end": [
    () => {
      let step = 0;
      return {
        next: () => {
          step += 1;
          return { done: step === 2, value: {} };
        },
      };
    },
    "0",
    1,
  ],
  "has a value with its end": [() => ({ next: () => ({ done: true, value: {} }) }), "0", 0],
  "answers nothing": [() => ({ next: () => undefined }), "13", 0],
  "answers a text": [() => ({ next: async () => secret }), "13", 0],
  "is none": [() => undefined, "13", 0],
  "has no next": [() => ({}), "13", 0],
  "throws when it is closed": [
    () => ({
      next: () => ({ done: false, value: undefined }),
      return: () => {
        throw new Error(secret);
      },
    }),
    "13",
    0,
  ],
  "rejects when it is closed": [
    () => ({
      next: async () => ({ done: false, value: undefined }),
      return: () => Promise.reject(secret),
    }),
    "13",
    0,
  ],
};

/** As HTTP/2 counts header lists: RFC 9113, 6.5.2. */
function sizeOf(block: Record<string, unknown>): number {
  let size = 0;
  for (const [key, value] of Object.entries(block)) {
    if (!key.startsWith(":")) size += key.length + String(value).length + 32;
  }
  return size;
}

describe.each(drivers)("$name", (driver) => {
  describe.each(Object.entries(misbehaviours))("a handler that %s", (_what, misbehaviour) => {
    const { act, status, text } = misbehaviour;

    test.each(["first", "last"] as const)("%s thing it does", async (when) => {
      const { port } = await startEcho({ handlers: handlersDoing(act, when) }, driver);
      for (const method of methods) {
        const call = rawCall(port, `/runtime.test.Echo/${method}`);
        call.send(Buffer.alloc(0));
        call.end();
        const { headers, trailers, statuses } = await call.outcome;
        expect(statuses, method).toHaveLength(1);
        expect(statuses[0], method).toBe(String(status));
        const message = decodeURIComponent(String(trailers["grpc-message"] ?? ""));
        if (typeof text === "string") expect(message).toBe(text);
        else expect(message).toMatch(text);
        expect(Buffer.from(message).toString()).toBe(message);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
        // Of this the text has 3 KiB at worst, and HTTP/2 and gRPC a few headers.
        expect(sizeOf(headers)).toBeLessThan(12_000);
        expect(sizeOf(trailers)).toBeLessThan(12_000);
        if (status === 13) expect(JSON.stringify([headers, trailers])).not.toContain(secret);
      }
    });
  });

  describe.each(Object.entries(iterators))(
    "an iterator that %s",
    (_what, [make, status, count]) => {
      test.each(["ServerStream", "Bidi"])("%s", async (method) => {
        const answer = () => untyped<AsyncIterable<object>>({ [Symbol.asyncIterator]: make });
        const { port } = await startEcho(
          { handlers: { serverStream: answer, bidi: answer } },
          driver,
        );
        const call = rawCall(port, `/runtime.test.Echo/${method}`);
        call.send(Buffer.alloc(0));
        call.end();
        const { statuses, body, trailers } = await call.outcome;
        expect(statuses).toEqual([status]);
        expect(countFrames(body)).toBe(count);
        expect(JSON.stringify(trailers)).not.toContain(secret);
      });
    },
  );
});
