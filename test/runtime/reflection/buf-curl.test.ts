import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DescFile } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import { raise } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import {
  bufCommand,
  generatedFiles,
  lateProtos,
  outputFolder,
  register,
  registrationsOf,
  shopProtos,
} from "./generated.ts";
import { hugeFiles } from "./huge.ts";
import { serveReflected } from "./serve.ts";

// A tool that has no protos and knows this server by reflection only.

const output = outputFolder("buf-curl");
let shop: readonly DescFile[];
let late: readonly DescFile[];

beforeAll(async () => {
  shop = await generatedFiles(shopProtos, join(output, "shop"));
  late = await generatedFiles(lateProtos, join(output, "late"));
});

afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Not a synchronous run: the server is in this process. */
async function curl(url: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(bufCommand, [
    "curl",
    "--protocol=grpc",
    `http://${url}`,
    ...args,
  ]);
  return stdout;
}

function echoing(files: readonly DescFile[], service: string): ServiceRegistration {
  const descriptor = files
    .flatMap(({ services }) => services)
    .find(({ typeName }) => typeName === service);
  return register(descriptor ?? raise(`no ${service}`), {
    get: () => ({ id: "7", stock: 3n, colour: "red" }),
    write: (note) => note,
  });
}

describe.each(hosts)("$name", (host) => {
  test.each(["grpc-v1", "grpc-v1alpha"])("by %s", async (protocol) => {
    const services = [echoing(shop, "shop.ShopService"), new HealthRegistry().registration()];
    const address = await serveReflected(services, [], host);
    const reflect = `--reflect-protocol=${protocol}`;
    expect((await curl(address, reflect, "--list-services")).trim().split("\n")).toEqual([
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "shop.ShopService",
    ]);
    const methods = await curl(address, reflect, "--list-methods");
    expect(
      methods
        .trim()
        .split("\n")
        .filter((line) => line.startsWith("shop")),
    ).toEqual([
      "shop.ShopService/Get",
      "shop.ShopService/Search",
      "shop.ShopService/Total",
      "shop.ShopService/Trade",
    ]);
    const reply = await curl(
      `${address}/shop.ShopService/Get`,
      reflect,
      '-d{"query":"x","order":"BY_PRICE"}',
    );
    expect(JSON.parse(reply)).toEqual({ id: "7", stock: "3" });
    const health = await curl(`${address}/grpc.health.v1.Health/Check`, reflect);
    expect(JSON.parse(health)).toEqual({ status: "SERVING" });
  });
});

test("a service whose `import option` is not given can be called all the same", async () => {
  const services = [echoing(late, "late.LateService")];
  const address = await serveReflected(services);
  const reply = await curl(`${address}/late.LateService/Write`, '-d{"text":"hello"}');
  expect(JSON.parse(reply)).toEqual({ text: "hello" });
});

test("imports that are more than one message can hold are asked for by name", async () => {
  const services = registrationsOf(hugeFiles());
  const address = await serveReflected(services);
  const methods = await curl(address, "--list-methods");
  expect(methods.split("\n")).toContain("huge.HugeService/Get");
});
