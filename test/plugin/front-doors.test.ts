import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPlugin } from "../../src/plugin/plugin.ts";
import { type BundledPlugin, bundlePlugin } from "./bundled.ts";
import { binDirectory, casesDirectory, compile, filesOf, requestFor, run } from "./support.ts";

const parameter = "target=ts,import_extension=ts";

let plugin: BundledPlugin;
let directory: string;

beforeAll(async () => {
  plugin = await bundlePlugin("front-doors");
});

afterAll(() => plugin.remove());

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
  const inProcessPlugin = createPlugin();
  return filesOf(inProcessPlugin.run(requestFor(compile(join(casesDirectory, name)), parameter)));
}

/** Runs protoc with the plugin into the directory of the test. */
function protoc(sources: readonly string[], files: readonly string[]): void {
  const launcher = join(directory, "protoc-gen-grpc-service");
  writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${plugin.path}" "$@"\n`);
  chmodSync(launcher, 0o755);
  const options = [`--plugin=${launcher}`, `--grpc-service_out=${parameter}:${directory}`];
  execFileSync("protoc", [...sources, ...options, ...files], { stdio: "pipe" });
  rmSync(launcher);
}

function buf(...args: string[]): void {
  execFileSync(join(binDirectory, "buf"), args);
}

/** Templates of `buf generate`; the path of the plugin is known only when a test runs. */
const templates: Readonly<Record<string, (command: string[]) => object>> = {
  "v2, strategy all": (local) => version2(local, { strategy: "all" }),
  "v2, strategy directory": (local) => version2(local, { strategy: "directory" }),
  "v2, managed mode": (local) => ({ ...version2(local, {}), managed: { enabled: true } }),
  "v2, included imports": (local) => version2(local, { strategy: "all", include_imports: true }),
  "v1, strategy all": (path) => version1(path, { strategy: "all" }),
  "v1, strategy directory": (path) => version1(path, { strategy: "directory" }),
};

function version1(path: string[], options: object): object {
  const entry = { plugin: "grpc-service", path, out: directory, opt: parameter.split(",") };
  return { version: "v1", plugins: [{ ...entry, ...options }] };
}

function version2(local: string[], options: object): object {
  const entry = { local, out: directory, opt: parameter.split(",") };
  return { version: "v2", plugins: [{ ...entry, ...options }] };
}

test("Windows line ends in the sources change nothing", () => {
  const printedFrom = (protos: string) => filesOf(run(requestFor(compile(protos), parameter)));
  const original = join(casesDirectory, "comments");
  const protos = join(directory, "crlf");
  cpSync(original, protos, { recursive: true });
  const path = join(protos, "comments.proto");
  writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
  expect(printedFrom(protos)).toEqual(printedFrom(original));
});

test("a source in Latin-1, which protoc takes, is generated from", { tags: "protoc" }, () => {
  const source = [
    'syntax = "proto3";\npackage latin;\n// caf\xe9 */ evil();\n',
    "service S { rpc Get(M) returns (M); }\nmessage M {}\n",
  ];
  writeFileSync(join(directory, "latin.proto"), Buffer.from(source.join(""), "latin1"));
  protoc([`-I${directory}`], ["latin.proto"]);
  const printed = readFileSync(join(directory, "latin_grpc.ts"), "utf8");
  expect(printed).toContain("caf\ufffd *\\/ evil();");
});

// With several directories, services that import others, and every kind of comment.
describe.each(["several-packages", "same-names", "comments"])("case %s", (name) => {
  const protos = join(casesDirectory, name);

  test.each(Object.keys(templates))("buf generate, %s, prints what the plugin prints", (key) => {
    const template = JSON.stringify(templates[key]?.([process.execPath, plugin.path]));
    buf("generate", protos, "--template", template);
    expect(filesIn(directory)).toEqual(inProcess(name));
  });

  test.each([
    ["once", (files: string[]) => [files]],
    ["once a file", (files: string[]) => files.map((file) => [file])],
  ])("protoc, run %s, prints the same", { tags: "protoc" }, (_, split) => {
    const outputs = [...inProcess(name).keys()].filter((path) => path.endsWith("_grpc.ts"));
    for (const files of split(outputs.map((path) => path.replace("_grpc.ts", ".proto")))) {
      protoc([`-I${protos}`], files);
    }
    expect(filesIn(directory)).toEqual(inProcess(name));
  });
});

describe("whatever the protos come as", () => {
  const name = "several-packages";
  const protos = join(casesDirectory, name);
  let inputs: string;

  beforeEach(() => {
    inputs = mkdtempSync(join(tmpdir(), "front-doors-inputs-"));
    for (const folder of ["bank", "shop"]) {
      cpSync(join(protos, folder), join(inputs, folder, folder), { recursive: true });
    }
  });

  afterEach(() => {
    rmSync(inputs, { recursive: true });
  });

  const set = (file: string) => {
    const path = join(inputs, file);
    buf("build", protos, "--as-file-descriptor-set", "--output", path);
    return path;
  };
  const workspace = (file: string, text: string) => {
    writeFileSync(join(inputs, file), text);
    return inputs;
  };
  const forms: Readonly<Record<string, () => string>> = {
    "an image": () => {
      const path = join(inputs, "image.binpb");
      buf("build", protos, "--output", path);
      return path;
    },
    "a descriptor set": () => set("set.binpb"),
    "a descriptor set in JSON": () => set("set.json"),
    "a workspace of version 1": () =>
      workspace("buf.work.yaml", "version: v1\ndirectories: [bank, shop]\n"),
    "a workspace of version 2": () =>
      workspace("buf.yaml", "version: v2\nmodules: [{ path: bank }, { path: shop }]\n"),
  };

  test.each(Object.keys(forms))("buf generate from %s prints the same", (form) => {
    const template = version2([process.execPath, plugin.path], { strategy: "all" });
    buf("generate", forms[form]?.() ?? "", "--template", JSON.stringify(template));
    expect(filesIn(directory)).toEqual(inProcess(name));
  });

  test.each([
    ["-I twice", () => [`-I${join(inputs, "bank")}`, `-I${join(inputs, "shop")}`]],
    ["a descriptor set", () => [`--descriptor_set_in=${set("set.binpb")}`]],
  ])("protoc with %s prints the same", { tags: "protoc" }, (_, sources) => {
    protoc(sources(), ["bank/payment.proto", "shop/order.proto"]);
    expect(filesIn(directory)).toEqual(inProcess(name));
  });
});
