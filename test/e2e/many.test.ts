// @module-tag installs

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { runClient } from "../../tooling/packed/client.ts";
import { run } from "../../tooling/packed/commands.ts";
import { startServer } from "../../tooling/packed/server.ts";
import { readTree } from "../support/emitted-files.ts";
import { worksAsEmitted } from "./emitted.ts";
import { create, createSandbox, type Sandbox, warnings } from "./packed.ts";

const protos = join(import.meta.dirname, "protos");

describe("several files, packages and services, through the packed tarball", {
  timeout: 300_000,
}, () => {
  let place: Sandbox;
  let project: string;

  beforeAll(async () => {
    place = await createSandbox();
    project = join(place.folder, "shop");
    const health = join(packageRoot(), "protos");
    const inputs = ["--proto", protos, "--proto", health];
    const created = await create(place, ["shop", ...inputs, "--yes", "--no-git"]);
    expect(warnings(created)).toEqual([]);
  }, 300_000);
  afterAll(() => place.remove());

  const npm = (...args: string[]) => run("npm", args, { cwd: project });

  test("gives every service a folder of its own, also those of the same name", async () => {
    const folders = [...readTree(join(project, "src/services")).keys()]
      .filter((path) => path.endsWith("/index.ts"))
      .map((path) => path.slice(0, -"/index.ts".length));
    expect(folders).toEqual([
      "basket",
      "order",
      "payment",
      "shop-admin-v1-admin",
      "shop-payment-v1-admin",
    ]);
  });

  worksAsEmitted(() => project, /UNIMPLEMENTED/);

  test("builds, starts and answers every call of its client with UNIMPLEMENTED", async () => {
    await npm("run", "build");
    const server = await startServer(project);
    try {
      const client = await runClient(project, server.address);
      await expect(`${client.stdout}\n`).toMatchFileSnapshot("many.client.txt");
      expect(client.exitCode).toBe(0);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  test("a new RPC adds its handler and its test, and changes nothing else", async () => {
    const before = readTree(project);
    const proto = join(project, "proto/shop/payment/v1/payment.proto");
    const text = await readFile(proto, "utf8");
    const rpc = "rpc Capture(stream RefundRequest) returns (stream Payment);";
    await writeFile(proto, text.replace("service PaymentService {", `$&\n  ${rpc}`));

    const grown = await create(place, ["shop", "--yes"]);
    expect(grown.stdout).toContain("src/services/payment/capture.ts");
    const after = readTree(project);
    const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
    expect(changed).toEqual([
      "docs/services.md",
      "proto/shop/payment/v1/payment.proto",
      "src/client/index.ts",
      "src/gen/shop/payment/v1/payment_client.ts",
      "src/gen/shop/payment/v1/payment_grpc.ts",
      "src/gen/shop/payment/v1/payment_pb.ts",
      "src/services/payment/capture.ts",
      "src/services/payment/index.ts",
      "test/services/payment/capture.test.ts",
    ]);
    expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
    await npm("run", "lint");
    await npm("test");
  });
});
