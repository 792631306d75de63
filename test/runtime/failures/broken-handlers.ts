import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { bug, secret } from "./calls.ts";

/** Handlers that TypeScript would refuse. */
function wrong(handlers: Record<string, unknown>): Partial<EchoHandlers> {
  return handlers as Partial<EchoHandlers>;
}

const unencodable = { number: 2 ** 40 };

/** Handlers with one fault each, of the methods that can have it. */
export const brokenHandlers: Record<string, Partial<EchoHandlers>> = {
  "throws synchronously": wrong({
    unary: () => {
      throw bug();
    },
    serverStream: () => {
      throw bug();
    },
    clientStream: () => {
      throw bug();
    },
    bidi: () => {
      throw bug();
    },
  }),
  rejects: wrong({
    unary: () => Promise.reject(bug()),
    serverStream: () => Promise.reject(bug()),
    clientStream: () => Promise.reject(bug()),
    bidi: () => Promise.reject(bug()),
  }),
  "throws a value that is not an error": wrong({
    unary: async () => {
      throw secret;
    },
    serverStream: async function* () {
      yield {};
      throw undefined;
    },
    clientStream: async () => {
      throw null;
    },
    bidi: async function* () {
      yield {};
      throw { secret };
    },
  }),
  "answers nothing": wrong({
    unary: async () => undefined,
    serverStream: () => undefined,
    clientStream: async () => null,
    bidi: async function* () {
      yield undefined;
    },
  }),
  "answers with something else": wrong({
    unary: async () => 42,
    serverStream: () => 42,
    clientStream: async () => "text",
    bidi: async function* () {
      yield "text";
    },
  }),
  "answers what cannot be encoded": wrong({
    unary: async () => unencodable,
    serverStream: async function* () {
      yield unencodable;
    },
    clientStream: async () => unencodable,
    bidi: async function* () {
      yield {};
      yield unencodable;
    },
  }),
  "throws in the middle": wrong({
    serverStream: async function* () {
      yield {};
      yield {};
      throw bug();
    },
    clientStream: async (requests: AsyncIterable<unknown>) => {
      for await (const _request of requests) throw bug();
    },
    bidi: async function* (requests: AsyncIterable<unknown>) {
      for await (const _request of requests) {
        yield {};
        throw bug();
      }
    },
  }),
  "throws at the end": wrong({
    serverStream: async function* () {
      for (let index = 0; index < 100; index += 1) yield {};
      throw bug();
    },
    clientStream: async (requests: AsyncIterable<unknown>) => {
      for await (const _request of requests);
      throw bug();
    },
    bidi: async function* (requests: AsyncIterable<unknown>) {
      for await (const _request of requests) yield {};
      throw bug();
    },
  }),
  "throws in finally": wrong({
    serverStream: async function* () {
      try {
        yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is the failure.
        throw bug();
      }
    },
    bidi: function* () {
      try {
        yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is the failure.
        throw bug();
      }
    },
  }),
  "has an iterator that throws": wrong({
    serverStream: () => ({
      [Symbol.asyncIterator]: () => {
        throw bug();
      },
    }),
    bidi: () => ({
      [Symbol.iterator]: () => ({
        next: () => {
          throw bug();
        },
      }),
    }),
  }),
};
