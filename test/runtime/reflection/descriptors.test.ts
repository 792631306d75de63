import { rmSync } from "node:fs";
import { join } from "node:path";
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { raise } from "../support/echo.ts";
import { askV1, descriptorsOf } from "./ask.ts";
import {
  builtByBuf,
  builtByProtoc,
  generatedFiles,
  lateProtos,
  outputFolder,
  registrationsOf,
  shopProtos,
} from "./generated.ts";
import { serveReflected } from "./serve.ts";

const tests = join(import.meta.dirname, "..", "..");
const output = outputFolder("descriptors");
const descriptorProto = "google/protobuf/descriptor.proto";

afterAll(() => rmSync(output, { recursive: true, force: true }));

const folders: Readonly<Record<string, string>> = {
  shop: shopProtos,
  late: lateProtos,
  ...Object.fromEntries(
    [
      "edition-2023",
      "edition-2024",
      "nested-types",
      "no-package",
      "proto2",
      "public-imports",
      "several-packages",
      "user",
      "well-known-types",
    ].map((name) => [name, join(tests, "cases", name)]),
  ),
};

/** Everything that a client gets which asks for the files of all protos in a folder. */
async function reflected(protos: string, generated: string): Promise<Map<string, Uint8Array>> {
  const files = await generatedFiles(protos, generated);
  const services = registrationsOf(files);
  const address = await serveReflected(services, files);
  const answers = await askV1(
    address,
    files.map(({ proto }) => ({ case: "fileByFilename", value: proto.name })),
  );
  const descriptors = new Map<string, Uint8Array>();
  for (const bytes of answers.flatMap(descriptorsOf)) {
    descriptors.set(fromBinary(FileDescriptorProtoSchema, bytes).name, bytes);
  }
  return descriptors;
}

describe.each(Object.entries(folders))("%s", (name, protos) => {
  let answered: ReadonlyMap<string, Uint8Array>;
  beforeAll(async () => {
    answered = await reflected(protos, join(output, name));
  });

  test("every file equals the descriptor of buf, byte for byte", () => {
    const compiled = builtByBuf(protos);
    expect([...answered.keys()].sort()).toEqual([...compiled.keys()].sort());
    // protobuf-es ships an extract of descriptor.proto.
    expectSameBytes(answered, compiled, (file) => file !== descriptorProto);
  });

  const inEditions = name.startsWith("edition") || name === "late";
  if (!inEditions) {
    test("every file equals the descriptor of protoc", { tags: "protoc" }, () => {
      // An old protoc has old well-known types.
      expectSameBytes(answered, builtByProtoc(protos), (file) => !file.startsWith("google/"));
    });
  }

  test("nothing is missing: the files can be linked", () => {
    const registry = createFileRegistry(
      create(FileDescriptorSetSchema, { file: importsFirst(answered) }),
    );
    const names = [...registry.files].map(({ proto }) => proto.name);
    expect(names.sort()).toEqual([...answered.keys()].sort());
  });
});

function expectSameBytes(
  answered: ReadonlyMap<string, Uint8Array>,
  compiled: ReadonlyMap<string, Uint8Array>,
  isCompared: (file: string) => boolean,
): void {
  const files = [...compiled.keys()].filter(isCompared);
  expect(files).not.toEqual([]);
  for (const file of files) {
    expect(hex(answered.get(file)), file).toBe(hex(compiled.get(file)));
  }
}

/** The order that protobuf-es wants. @throws Error when an import is missing. */
function importsFirst(descriptors: ReadonlyMap<string, Uint8Array>): FileDescriptorProto[] {
  const files = new Map<string, FileDescriptorProto>();
  const visit = (name: string): void => {
    if (files.has(name)) return;
    const bytes = descriptors.get(name) ?? raise(`${name} is missing`);
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    [...file.dependency, ...file.optionDependency].forEach(visit);
    files.set(name, file);
  };
  for (const name of descriptors.keys()) visit(name);
  return [...files.values()];
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString("hex");
}
