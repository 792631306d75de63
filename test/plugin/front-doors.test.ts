import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packageVersion } from "../../src/package-root.ts";
import { createPlugin } from "../../src/plugin/plugin.ts";
import { readRuntimeFiles } from "../../src/plugin/runtime-files.ts";
import { binDirectory, casesDirectory, compile, filesOf, requestFor, root } from "./support.ts";

const tsx = join(binDirectory, "tsx");
const bin = join(root, "src", "plugin", "bin.ts");
const parameter = "target=ts,import_extension=ts";
const hasProtoc = spawnSync("protoc", ["--version"]).status === 0;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "front-doors-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function filesIn(output: string): Map<string, string> {
  const entries = readdirSync(output, { recursive: true, withFileTypes: true });
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  return new Map(paths.sort().map((p) => [p.slice(output.length + 1), readFileSync(p, "utf8")]));
}

function inProcess(name: string): Map<string, string> {
  const plugin = createPlugin(readRuntimeFiles(root));
  return filesOf(plugin.run(requestFor(compile(join(casesDirectory, name)), parameter)));
}

describe.each(["several-packages", "comments"])("case %s", (name) => {
  const protos = join(casesDirectory, name);

  test("buf generate prints what the plugin prints in process", () => {
    const plugin = {
      local: [tsx, bin],
      out: directory,
      opt: parameter.split(","),
      strategy: "all",
    };
    const template = JSON.stringify({ version: "v2", plugins: [plugin] });
    execFileSync(join(binDirectory, "buf"), ["generate", protos, "--template", template]);
    expect(filesIn(directory)).toEqual(inProcess(name));
  });

  test.skipIf(!hasProtoc)("protoc prints the same", () => {
    const launcher = join(directory, "protoc-gen-grpc-service");
    writeFileSync(launcher, `#!/bin/sh\nexec "${tsx}" "${bin}" "$@"\n`);
    chmodSync(launcher, 0o755);
    const files = [...inProcess(name).keys()].filter((path) => !path.startsWith("runtime/"));
    execFileSync("protoc", [
      `-I${protos}`,
      `--plugin=${launcher}`,
      `--grpc-service_out=${parameter}:${directory}`,
      ...files.map((path) => path.replace("_grpc.ts", ".proto")),
    ]);
    rmSync(launcher);
    expect(filesIn(directory)).toEqual(inProcess(name));
  });
});

function runBin(args: string[], input: Uint8Array) {
  return spawnSync(tsx, [bin, ...args], { input });
}

function runBinOn(request: CodeGeneratorRequest) {
  return runBin([], toBinary(CodeGeneratorRequestSchema, request));
}

describe("the process", () => {
  test("tells its version", () => {
    const { status, stdout } = runBin(["--version"], new Uint8Array());
    expect(stdout.toString()).toBe(`protoc-gen-grpc-service v${packageVersion()}\n`);
    expect(status).toBe(0);
  });

  test("answers an empty request with an empty response", () => {
    const { status, stdout } = runBin([], new Uint8Array());
    expect(fromBinary(CodeGeneratorResponseSchema, stdout).file).toEqual([]);
    expect(status).toBe(0);
  });

  test("tells in one line what it cannot read", () => {
    const { status, stderr } = runBin([], Buffer.from("not a request"));
    expect(stderr.toString()).toMatch(/^protoc-gen-grpc-service: .+\n$/);
    expect(status).toBe(1);
  });

  test("tells the compiler what is wrong with a request", () => {
    const { status, stdout } = runBinOn(create(CodeGeneratorRequestSchema, { parameter: "nope" }));
    expect(fromBinary(CodeGeneratorResponseSchema, stdout).error).toMatch(/^unknown option "nope"/);
    expect(status).toBe(0);
  });
});
