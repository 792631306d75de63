import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import type { MethodInfo, ServerCall, ServerInterceptor } from "../../../runtime/src/index.ts";
import {
  healthMethods,
  type InterceptorEntry,
  interceptorsByMethod,
  reflectionMethods,
  type ScopedInterceptor,
  type ServerInterceptors,
  unless,
  when,
} from "../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, patternMethods } from "../support/four-patterns.ts";
import { serve } from "../support/serve.ts";

const mark: ServerInterceptor = async (call, next) => {
  call.setTrailer("marked", call.method.name);
  await next();
};

const scope = { methods: patternMethods, environment: "test" } as const;

/** Names of the methods that have the interceptor `mark`, found by calling all of them. */
async function marked(entry: InterceptorEntry<ServerCall>): Promise<string[]> {
  const { channel } = await serve([implementPatterns(() => {})], [entry]);
  const names: string[] = [];
  for (const [, call] of patternCalls) {
    await call(channel, {
      onTrailer: (trailer) => names.push(...trailer.get("marked").map(String)),
    });
  }
  return names;
}

const safe = MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
const all = ["Unary", "ServerStreaming", "ClientStreaming", "BidiStreaming"];

test.each([
  ["everything", when({}, mark), all],
  ["a service", when({ services: ["test.Patterns"] }, mark), all],
  ["all but a service", unless({ services: ["test.Patterns"] }, mark), []],
  ["a method", when({ methods: ["test.Patterns/Unary"] }, mark), ["Unary"]],
  ["all but a method", unless({ methods: ["test.Patterns/Unary"] }, mark), all.slice(1)],
  ["a kind", when({ kinds: ["bidi_streaming"] }, mark), ["BidiStreaming"]],
  ["this environment", when({ environments: ["test", "production"] }, mark), all],
  ["another environment", when({ environments: ["development"] }, mark), []],
  ["a descriptor", when({ where: ({ descriptor }) => descriptor.name === "Check" }, mark), all],
  ["two conditions", when({ kinds: ["unary"], where: ({ name }) => name !== "Unary" }, mark), []],
  [
    "a selection within a selection",
    when(
      { kinds: ["unary", "bidi_streaming"] },
      unless({ methods: ["test.Patterns/Unary"] }, mark),
    ),
    ["BidiStreaming"],
  ],
])("an interceptor for %s", async (_what, entry, names) => {
  expect(await marked(entry)).toEqual(names);
});

test("methods can be selected by an option in the proto", async () => {
  const methods = patternMethods.map((method) => {
    const level =
      method.kind === "unary" ? safe : MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    return { ...method, descriptor: { ...method.descriptor, idempotency: level } };
  });
  const readsOnly = ({ descriptor }: MethodInfo) => descriptor.idempotency === safe;
  const interceptorsOf = await interceptorsByMethod([unless({ where: readsOnly }, mark)], {
    methods,
    environment: "test",
  });
  expect(methods.map((method) => interceptorsOf(method).length)).toEqual([0, 1, 1, 1]);
});

test("false and undefined stand for no interceptor", async () => {
  const entries: ServerInterceptors = [
    false,
    mark,
    undefined,
    when({}, false),
    unless({ services: [] }, undefined),
  ];
  const interceptorsOf = await interceptorsByMethod(entries, scope);
  for (const method of patternMethods) expect(interceptorsOf(method)).toEqual([mark]);
});

test("a selector is evaluated once per method, not once per call", async () => {
  const asked: string[] = [];
  const where = ({ name }: { name: string }) => asked.push(name) > 0;
  expect(await marked(when({ where }, mark))).toEqual(all);
  expect(asked).toEqual(all);
});

test("an interceptor is set up once, with the methods of the server and its environment", async () => {
  const scopes: unknown[] = [];
  const entry: ScopedInterceptor<ServerCall> = {
    setUp(given) {
      scopes.push(given);
      return () => mark;
    },
  };
  expect(await marked(when({ kinds: ["unary"] }, entry))).toEqual(["Unary"]);
  expect(scopes).toEqual([scope]);
});

test.each([
  ["a service", when({ services: ["test.Pattern"] }, mark), "test.Pattern"],
  ["a method", unless({ methods: ["test.Patterns/Unray"] }, mark), "test.Patterns/Unray"],
  ["a nested one", when({}, when({ methods: ["Unary"] }, mark)), "Unary"],
])("%s that is not served is refused in one line", async (_what, entry, name) => {
  await expect(interceptorsByMethod([entry], scope)).rejects.toThrow(
    `an interceptor is for ${name}, which is not served`,
  );
});

test("health and reflection may be named although they are not served", async () => {
  const methods = [...healthMethods, ...reflectionMethods];
  const interceptorsOf = await interceptorsByMethod([unless({ methods }, mark)], scope);
  for (const method of patternMethods) expect(interceptorsOf(method)).toEqual([mark]);
});
