import { rmSync } from "node:fs";
import { create, type DescFile } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { reflectionRegistrations } from "../../../runtime/src/reflection/index.ts";
import { ServerReflectionClient } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_client.ts";
import { ServerReflectionRequestSchema } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_pb.ts";
import { cleanUp, collect } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import {
  askV1,
  askV1Alpha,
  byExtension,
  byFilename,
  bySymbol,
  fileNamesOf,
  list,
  numbersOf,
} from "./ask.ts";
import { generatedFiles, outputFolder, registrationsOf, shopProtos } from "./generated.ts";
import { serveReflected } from "./serve.ts";

const output = outputFolder("answers");
let shop: readonly DescFile[];

beforeAll(async () => {
  shop = await generatedFiles(shopProtos, output);
});

afterAll(() => rmSync(output, { recursive: true, force: true }));

/** The shop with health and reflection. */
async function serveShop(host = hosts[0], files: readonly DescFile[] = []): Promise<string> {
  const services = [...registrationsOf(shop), new HealthRegistry().registration()];
  return await serveReflected(services, files, host);
}

test("paths are those of the protocol, to be made public by", () => {
  const paths = reflectionRegistrations([]).flatMap(({ definition }) =>
    Object.values(definition).map(({ path }) => path),
  );
  expect(paths).toEqual([
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
  ]);
});

describe.each(hosts)("$name", (host) => {
  test.each([
    ["v1", askV1],
    ["v1alpha", askV1Alpha],
  ])("%s answers every kind of request, and echoes it", async (_version, ask) => {
    const address = await serveShop(host);
    const questions = [
      list,
      byFilename("shop/money.proto"),
      bySymbol("shop.Price"),
      byExtension("shop.Item", 100),
      numbersOf("shop.Item"),
      bySymbol("nobody.Knows"),
    ];
    const answers = await ask(address, questions);
    expect(answers.map(({ messageResponse }) => messageResponse.case)).toEqual([
      "listServicesResponse",
      "fileDescriptorResponse",
      "fileDescriptorResponse",
      "fileDescriptorResponse",
      "allExtensionNumbersResponse",
      "errorResponse",
    ]);
    expect(answers.map(({ originalRequest }) => originalRequest?.messageRequest)).toMatchObject(
      questions,
    );
    for (const { validHost, originalRequest } of answers) {
      expect([validHost, originalRequest?.host]).toEqual(["shop.example.com", "shop.example.com"]);
    }
  });
});

test("all services are listed, sorted, health and reflection too", async () => {
  const [answer] = await askV1(await serveShop(), [list]);
  expect(answer?.messageResponse.value).toMatchObject({
    service: [
      { name: "grpc.health.v1.Health" },
      { name: "grpc.reflection.v1.ServerReflection" },
      { name: "grpc.reflection.v1alpha.ServerReflection" },
      { name: "shop.ShopService" },
    ],
  });
});

test.each([
  ["a service", "shop.ShopService", "shop/shop.proto"],
  ["a method", "shop.ShopService.Trade", "shop/shop.proto"],
  ["a message", "shop.Item", "shop/catalog.proto"],
  ["a nested message", "shop.Item.Note", "shop/catalog.proto"],
  ["a group", "shop.Item.Box", "shop/catalog.proto"],
  ["an entry of a map", "shop.Item.PricesEntry", "shop/catalog.proto"],
  ["a field", "shop.Item._lead__double_", "shop/catalog.proto"],
  ["a nested field", "shop.Item.Box.sideLength", "shop/catalog.proto"],
  ["a oneof", "shop.Item.source", "shop/catalog.proto"],
  ["the oneof behind an optional field", "shop.Price._currency", "shop/money.proto"],
  ["an enum", "shop.Order", "shop/shop.proto"],
  ["a value of an enum", "shop.BY_PRICE", "shop/shop.proto"],
  ["a nested enum", "shop.Item.Kind", "shop/catalog.proto"],
  ["a value of a nested enum", "shop.Item.TOME", "shop/catalog.proto"],
  ["an extension", "shop.colour", "shop/catalog.proto"],
  ["a nested extension", "shop.Item.Note.note", "shop/catalog.proto"],
  ["an option", "shop.options.method", "shop/options.proto"],
  ["what is imported for others", "google.protobuf.Duration", "google/protobuf/duration.proto"],
  [
    "what is imported through others",
    "google.protobuf.FieldOptions.CType",
    "google/protobuf/descriptor.proto",
  ],
  ["the health service", "grpc.health.v1.Health", "grpc/health/v1/health.proto"],
  [
    "reflection itself",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc/reflection/v1alpha/reflection.proto",
  ],
])("%s is found by its name", async (_what, symbol, file) => {
  const [answer] = await askV1(await serveShop(), [bySymbol(symbol)]);
  expect(fileNamesOf(answer)[0]).toBe(file);
});

test("extensions are found by number; those in files without importers, if the files are given", async () => {
  const questions = [
    numbersOf("shop.Item"),
    numbersOf("shop.Price"),
    numbersOf("google.protobuf.FieldOptions"),
    byExtension("shop.Item", 101),
  ];
  const extra = [byExtension("shop.Item", 151), bySymbol("shop.extras.Wrapping")];
  const [item, price, options, note] = await askV1(await serveShop(), questions);
  expect(item?.messageResponse.value).toMatchObject({
    baseTypeName: "shop.Item",
    extensionNumber: [100, 101, 1000],
  });
  expect(price?.messageResponse.value).toMatchObject({ extensionNumber: [] });
  expect(options?.messageResponse.value).toMatchObject({ extensionNumber: [50001, 50002] });
  expect(fileNamesOf(note)[0]).toBe("shop/catalog.proto");
  for (const { messageResponse } of await askV1(await serveShop(), extra)) {
    expect(messageResponse).toMatchObject({ value: { errorCode: 5 } });
  }

  const withExtras = await serveShop(
    hosts[0],
    shop.filter(({ proto }) => proto.name === "shop/extras.proto"),
  );
  const [all, ...found] = await askV1(withExtras, [numbersOf("shop.Item"), ...extra]);
  expect(all?.messageResponse.value).toMatchObject({
    extensionNumber: [100, 101, 150, 151, 1000],
  });
  for (const answer of found) {
    expect(fileNamesOf(answer)[0]).toBe("shop/extras.proto");
  }
});

test.each([
  byFilename("shop/nothing.proto"),
  byFilename("shop.proto"),
  byFilename(""),
  bySymbol("shop.Nothing"),
  bySymbol(".shop.Item"),
  bySymbol("shop"),
  bySymbol("shop.Order.BY_PRICE"),
  bySymbol("shop.ShopService.get"),
  bySymbol("constructor"),
  bySymbol(""),
  byExtension("shop.Item", 1),
  byExtension("shop.Item", -1),
  byExtension("shop.Nothing", 100),
  numbersOf("shop.Nothing"),
])("$case $value is NOT_FOUND, and the stream goes on", async (question) => {
  const [refused, answered] = await askV1(await serveShop(), [question, list]);
  expect(refused?.messageResponse).toMatchObject({
    case: "errorResponse",
    value: { errorCode: 5, errorMessage: expect.stringMatching(/^unknown /) },
  });
  expect(answered?.messageResponse.case).toBe("listServicesResponse");
});

test("empty requests and unknown kinds of requests do not end the stream", async () => {
  const client = new ServerReflectionClient(await serveShop());
  cleanUp(() => client.close());
  const invented = create(ServerReflectionRequestSchema, { host: "a" });
  invented.$unknown = [{ no: 99, wireType: WireType.Varint, data: Buffer.of(1) }];
  const answers = await collect(
    client.serverReflectionInfo([{ host: "a" }, invented, { messageRequest: list }]),
  );
  expect(answers.map(({ messageResponse }) => messageResponse)).toMatchObject([
    { value: { errorCode: 3, errorMessage: "the request asks for nothing" } },
    { value: { errorCode: 12, errorMessage: "this kind of request is not implemented" } },
    { case: "listServicesResponse" },
  ]);
  expect(answers[1]?.originalRequest).toEqual(invented);
});
