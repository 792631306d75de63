import { join } from "node:path";
import { expect, test } from "vitest";
import { casesDirectory, compile, filesOf, requestFor, run } from "./support.ts";

const protos = compile(join(casesDirectory, "several-packages"));

/** What the generated modules of a proto import, except from protobuf-es, by path of the module. */
function importsOf(parameter: string, proto: string): Record<string, string[]> {
  const files = [...filesOf(run(requestFor(protos, parameter)))];
  return Object.fromEntries(
    files
      .filter(([path]) => path.startsWith(`${proto}_`))
      .map(([path, code]) => {
        const modules = [...code.matchAll(/ from "(.*)";$/gm)].map(([, from = ""]) => from);
        return [path, [...new Set(modules)].filter((from) => !/@bufbuild|_pb/.test(from)).sort()];
      }),
  );
}

test.each<[parameter: string, library: string, definition: string, codec: string]>([
  ["target=ts", "grpc-service", "./payment_grpc", "./payment_codec"],
  ["target=ts,import_extension=ts", "grpc-service", "./payment_grpc.ts", "./payment_codec.ts"],
  ["target=ts,import_extension=js", "grpc-service", "./payment_grpc.js", "./payment_codec.js"],
  ["target=ts,runtime=@acme/lib", "@acme/lib", "./payment_grpc", "./payment_codec"],
  [
    "target=ts,import_extension=js,rewrite_imports=./bank/*_grpc.js:@me/definitions",
    "grpc-service",
    "@me/definitions/bank/payment_grpc.js",
    "./payment_codec.js",
  ],
])("%s: only the client imports the library's client", (parameter, library, definition, codec) => {
  expect(importsOf(parameter, "bank/payment")).toEqual({
    "bank/payment_client.ts": [definition, `${library}/client`].sort(),
    "bank/payment_codec.ts": [`${library}/codec`],
    "bank/payment_grpc.ts": [codec, library],
  });
});

test("with codec=reflect there are no codecs", () => {
  expect(importsOf("target=ts,codec=reflect", "bank/payment")).toEqual({
    "bank/payment_client.ts": ["./payment_grpc", "grpc-service/client"],
    "bank/payment_grpc.ts": ["grpc-service"],
  });
});

test("a library in a folder is imported by its modules", () => {
  const parameter = "target=ts,import_extension=ts,runtime=../lib";
  expect(importsOf(parameter, "bank/payment")).toEqual({
    "bank/payment_client.ts": ["../../lib/client/index.ts", "./payment_grpc.ts"],
    "bank/payment_codec.ts": ["../../lib/codec/index.ts"],
    "bank/payment_grpc.ts": ["../../lib/index.ts", "./payment_codec.ts"],
  });
});

test("JavaScript imports the definition, its declarations do not", () => {
  expect(importsOf("target=js+dts,import_extension=js", "bank/payment")).toEqual({
    "bank/payment_client.d.ts": ["grpc-service/client"],
    "bank/payment_client.js": ["./payment_grpc.js", "grpc-service/client"],
    "bank/payment_codec.d.ts": ["grpc-service/codec"],
    "bank/payment_codec.js": ["grpc-service/codec"],
    "bank/payment_grpc.d.ts": ["grpc-service"],
    "bank/payment_grpc.js": ["./payment_codec.js", "grpc-service"],
  });
});
