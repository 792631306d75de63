import type { Any } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { type CallContext, GrpcError, type StatusCode } from "../../../runtime/src/index.ts";

export const secret = "password=hunter2";

/** What a handler of any kind does, and the status that its caller gets. */
export interface Misbehaviour {
  readonly act: (context: CallContext) => void;
  readonly status: number;
  readonly text: string | RegExp;
}

/** What TypeScript would not let a handler pass. */
export function untyped<T>(value: unknown): T {
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

/** Handlers of any kind that fail in some way. */
export const misbehaviours: Record<string, Misbehaviour> = {
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
