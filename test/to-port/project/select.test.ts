import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { afterEach, expect, test } from "vitest";
import type { MethodInfo, ServerInterceptor } from "../src/gen/runtime/index.ts";
import { type Layer, layersByMethod, unless, when } from "../src/interceptors/select.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { startTestServer, type TestServer } from "./support.ts";

let server: TestServer | undefined;
afterEach(() => server?.close());

const mark: ServerInterceptor = async (call, next) => {
  call.setTrailer("marked", call.method.name);
  await next();
};

/** Names of the methods that `layer` is around, as calls of all of them show. */
async function marked(layer: Layer<Parameters<ServerInterceptor>[0]>): Promise<string[]> {
  const scope = { methods: patternMethods, environment: "test" } as const;
  server = await startTestServer([implementPatterns(() => {})], layersByMethod([layer], scope));
  const names: string[] = [];
  for (const [, call] of patternCalls) {
    await call(server.channel, {
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
  [
    "what the proto says",
    when({ where: ({ descriptor }) => descriptor.name === "Check" }, mark),
    all,
  ],
  ["two conditions", when({ kinds: ["unary"], where: ({ name }) => name !== "Unary" }, mark), []],
  [
    "a part of a part",
    when(
      { kinds: ["unary", "bidi_streaming"] },
      unless({ methods: ["test.Patterns/Unary"] }, mark),
    ),
    ["BidiStreaming"],
  ],
])("a layer is around %s", async (_what, layer, names) => {
  expect(await marked(layer)).toEqual(names);
});

test("what the proto says can be an option", () => {
  const methods = patternMethods.map((method) => {
    const level =
      method.kind === "unary" ? safe : MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    return { ...method, descriptor: { ...method.descriptor, idempotency: level } };
  });
  const readsOnly = ({ descriptor }: MethodInfo) => descriptor.idempotency === safe;
  const layersOf = layersByMethod([unless({ where: readsOnly }, mark)], {
    methods,
    environment: "test",
  });
  expect(methods.map((method) => layersOf(method).length)).toEqual([0, 1, 1, 1]);
});

test("a layer that is switched off is not there", () => {
  const scope = { methods: patternMethods, environment: "test" } as const;
  const layersOf = layersByMethod([false, mark, undefined], scope);
  for (const method of patternMethods) expect(layersOf(method)).toEqual([mark]);
});

test("it is decided once for each method, not for each call", async () => {
  const asked: string[] = [];
  const where = ({ name }: { name: string }) => asked.push(name) > 0;
  expect(await marked(when({ where }, mark))).toEqual(all);
  expect(asked).toEqual(all);
});

test.each([
  ["a service", when({ services: ["test.Pattern"] }, mark), "test.Pattern"],
  ["a method", unless({ methods: ["test.Patterns/Unray"] }, mark), "test.Patterns/Unray"],
  ["a nested one", when({}, when({ methods: ["Unary"] }, mark)), "Unary"],
])("%s that does not exist is one clear line at start", (_what, layer, name) => {
  const scope = { methods: patternMethods, environment: "test" } as const;
  expect(() => layersByMethod([layer], scope)).toThrow(
    `an interceptor is for ${name}, which is not served`,
  );
});
