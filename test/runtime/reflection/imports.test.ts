import { rmSync } from "node:fs";
import { join } from "node:path";
import { create, createFileRegistry, type DescFile, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reflectionRegistrations } from "../../../runtime/src/reflection/index.ts";
import { raise } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import { askV1, byFilename, bySymbol, descriptorsOf, fileNamesOf, list } from "./ask.ts";
import {
  generatedFiles,
  lateProtos,
  outputFolder,
  registrationsOf,
  shopProtos,
} from "./generated.ts";
import { hugeFiles } from "./huge.ts";
import { serveReflected } from "./serve.ts";

const output = outputFolder("imports");
let shop: readonly DescFile[];
let late: readonly DescFile[];

beforeAll(async () => {
  shop = await generatedFiles(shopProtos, join(output, "shop"));
  late = await generatedFiles(lateProtos, join(output, "late"));
});

afterAll(() => rmSync(output, { recursive: true, force: true }));

test("a file is sent first, followed by all its imports", async () => {
  const [answer] = await askV1(await serveReflected(registrationsOf(shop)), [
    byFilename("shop/shop.proto"),
  ]);
  const names = fileNamesOf(answer);
  expect(names[0]).toBe("shop/shop.proto");
  expect(names.slice(1).sort()).toEqual([
    "google/protobuf/any.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/timestamp.proto",
    "shop/catalog.proto",
    "shop/money.proto",
    "shop/options.proto",
  ]);
});

test("on one stream, imports are sent once and requested files every time", async () => {
  const address = await serveReflected(registrationsOf(shop));
  const answers = await askV1(address, [
    byFilename("shop/options.proto"),
    byFilename("shop/catalog.proto"),
    byFilename("shop/catalog.proto"),
    byFilename("google/protobuf/any.proto"),
  ]);
  expect(answers.map((answer) => fileNamesOf(answer))).toEqual([
    ["shop/options.proto", "google/protobuf/descriptor.proto", "google/protobuf/duration.proto"],
    [
      "shop/catalog.proto",
      "google/protobuf/any.proto",
      "google/protobuf/timestamp.proto",
      "shop/money.proto",
    ],
    ["shop/catalog.proto"],
    ["google/protobuf/any.proto"],
  ]);
  const [again] = await askV1(address, [byFilename("shop/options.proto")]);
  expect(descriptorsOf(again)).toHaveLength(3);
});

test("a file of an `import option` is included when it is given", async () => {
  const services = registrationsOf(late);
  const without = await serveReflected(services);
  const [alone] = await askV1(without, [bySymbol("late.LateService")]);
  expect(fileNamesOf(alone)).toEqual(["late/late.proto"]);
  const given = await serveReflected(services, late);
  const [complete] = await askV1(given, [bySymbol("late.LateService")]);
  expect(fileNamesOf(complete)).toEqual([
    "late/late.proto",
    "late/marks.proto",
    "google/protobuf/descriptor.proto",
  ]);
});

test("of two files with one name, both are found by their symbols and the first by its name", async () => {
  const fileOf = (name: string) => {
    const service = { name: "Service", method: [] };
    const proto = { name: "service.proto", package: name, service: [service] };
    const set = create(FileDescriptorSetSchema, { file: [proto] });
    return createFileRegistry(set).getFile("service.proto") ?? raise("no file");
  };
  const services = registrationsOf([fileOf("one"), fileOf("two"), fileOf("two")]);
  // grpc-js refuses services without methods; reflection describes them.
  const address = await hosts[0].serve(reflectionRegistrations(services));
  const [listed, ...answers] = await askV1(address, [
    list,
    byFilename("service.proto"),
    bySymbol("one.Service"),
    bySymbol("two.Service"),
  ]);
  expect(listed?.messageResponse.value).toMatchObject({
    service: [{}, {}, { name: "one.Service" }, { name: "two.Service" }],
  });
  const packages = answers.flatMap(descriptorsOf).map((bytes) => {
    return fromBinary(FileDescriptorProtoSchema, bytes).package;
  });
  expect(packages).toEqual(["one", "one", "two"]);
});

test("responses stay below the limit of peers; omitted imports can be requested by name", async () => {
  const services = registrationsOf(hugeFiles());
  const address = await serveReflected(services);
  // grpc-js' own limit for this client is 4 MiB.
  const [answer] = await askV1(address, [bySymbol("huge.HugeService")]);
  const descriptors = descriptorsOf(answer);
  const names = fileNamesOf(answer);
  const size = descriptors.reduce((sum, bytes) => sum + bytes.length, 0);
  expect(names[0]).toBe("huge.proto");
  expect(names.length).toBeLessThan(21);
  expect(size).toBeGreaterThan(2 * 1024 * 1024);
  const missing = hugeFiles()
    .map(({ proto }) => proto.name)
    .filter((name) => !names.includes(name));
  const rest = await askV1(address, missing.map(byFilename));
  expect(rest.flatMap((each) => fileNamesOf(each))).toEqual(missing);
});
