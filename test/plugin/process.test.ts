import { Edition } from "@bufbuild/protobuf/wkt";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { packageVersion } from "../../src/package-root.ts";
import { type BundledPlugin, bundlePlugin, type Run } from "./bundled.ts";
import { bytesOf, lengthDelimited, requestOf, responseOf } from "./requests.ts";

let plugin: BundledPlugin;

beforeAll(async () => {
  plugin = await bundlePlugin("process");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(() => plugin.remove());

function expectOneLine({ status, stdout, stderr, milliseconds }: Run): void {
  expect(stderr).toMatch(/^protoc-gen-grpc-service: .+\n$/);
  expect(stderr).not.toContain("call stack");
  expect(stdout).toHaveLength(0);
  expect(status).toBe(1);
  expect(milliseconds).toBeLessThan(1000);
}

test("prints its version", () => {
  const { status, stdout } = plugin.run(new Uint8Array(), "--version");
  expect(stdout.toString()).toBe(`protoc-gen-grpc-service v${packageVersion()}\n`);
  expect(status).toBe(0);
});

test("answers an empty request with an empty response", () => {
  const { file, error } = responseOf(plugin.run(new Uint8Array()));
  expect({ file, error }).toEqual({ file: [], error: "" });
});

test("reports an invalid request in the response", () => {
  const { error } = responseOf(plugin.run(bytesOf({ parameter: "nope" })));
  expect(error).toMatch(/^unknown option "nope"/);
});

test("locale and time zone change nothing", () => {
  const names = ["z", "Z", "i", "I", "_", "a10", "a9"].map((name) => ({ name }));
  const method = names.map(({ name }) => ({ name, inputType: `.${name}`, outputType: `.${name}` }));
  const request = requestOf({ messageType: names, service: [{ name: "S", method }] });
  const plain = plugin.run(request);
  vi.stubEnv("LC_ALL", "tr_TR.UTF-8");
  vi.stubEnv("TZ", "Pacific/Kiritimati");
  expect(responseOf(plugin.run(request))).toEqual(responseOf(plain));
  vi.stubEnv("LC_ALL", "C");
  expect(responseOf(plugin.run(request))).toEqual(responseOf(plain));
});

test("line ends of the source change nothing", () => {
  const withEnds = (end: string) => {
    const leadingComments = ` One.${end} Two.${end}`;
    const location = [[12], [6, 0], [6, 0, 2, 0]].map((path) => ({ path, leadingComments }));
    return responseOf(plugin.run(requestOf({ sourceCodeInfo: { location } })));
  };
  expect(withEnds("\r\n")).toEqual(withEnds("\n"));
});

describe("invalid requests", () => {
  const valid = requestOf();

  test.each([1, 19, valid.length - 7])("cut off after %i bytes", (length) => {
    expectOneLine(plugin.run(valid.subarray(0, length)));
  });

  test.each([1, 2])("random bytes, %i", (seed) => {
    expectOneLine(
      plugin.run(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 * seed + 13) & 255)),
    );
  });

  test("messages nested 10 000 deep", () => {
    const run = plugin.run(nestedRequest(10_000));
    expectOneLine(run);
    expect(run.stderr).toContain("maximum recursion depth of 100 reached");
  });
});

/** Made as bytes: libraries cannot write what they cannot read. */
function nestedRequest(depth: number): Uint8Array {
  let message: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) {
    message = lengthDelimited(3, message);
  }
  return lengthDelimited(15, lengthDelimited(4, message));
}

describe("requests that a compiler would not send", () => {
  test("circular imports are reported", () => {
    const b = { name: "b.proto", syntax: "proto3", dependency: ["a.proto"] };
    const run = plugin.run(requestOf({ dependency: ["b.proto"] }, b));
    expect(responseOf(run).error).toBe("imports in a circle: a.proto -> b.proto -> a.proto");
    expect(run.milliseconds).toBeLessThan(1000);
  });

  test("edition 9999 is refused with the supported editions", () => {
    const run = plugin.run(requestOf({ syntax: "editions", edition: Edition.EDITION_UNSTABLE }));
    expect(responseOf(run).error).toBe(
      "a.proto: edition UNSTABLE (9999) is not supported: supported are proto2, proto3 and editions 2023 to 2026",
    );
  });
});
