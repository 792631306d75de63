import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

const protos = fileURLToPath(new URL("../../../protos", import.meta.url));
const health = ["--proto", join(protos, "grpc", "health"), "-I", protos];
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

test("a health service in the protos is left out: the server has one", async () => {
  await writeFiles(cwd, { "shop.proto": proto("shop", "rpc Buy(M) returns (M);") });
  const inputs = ["--proto", "shop.proto", ...health];
  const { code, output } = await run(["demo", ...inputs, ...quick], { cwd });
  expect(code).toBe(0);
  expect(output).toContain("Left out grpc.health.v1.Health: it is built into the server.\n");
  const paths = [...(await readFiles(join(cwd, "demo"))).keys()];
  expect(paths).toContain("src/gen/grpc/health/v1/health_pb.ts");
  expect(paths.filter((path) => /^(src|test)\/services\/.*health/.test(path))).toEqual([]);
});

test("protos with nothing else are refused", async () => {
  const { code, notes } = await run(["demo", ...health, ...quick], { cwd });
  expect(code).toBe(2);
  expect(notes).toBe(
    "create-grpc-service: the protos have only grpc.health.v1.Health, which is built into every project; give the file with your service\n",
  );
  await expect(access(join(cwd, "demo"))).rejects.toThrow();
});
