import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { context, propagation, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { type User, UserSchema } from "../../examples/user-service/src/gen/user_pb.ts";
import type { Cache } from "../../runtime/src/cache/index.ts";
import { serverTracing } from "../../runtime/src/interceptors/tracing.ts";
import type { Redis } from "../../runtime/src/redis/index.ts";
import { packageRoot } from "../../src/package-root.ts";
import { codeBlocks } from "../support/markdown.ts";
import { connect, startServer } from "./redis/support/connect.ts";
import { cleanUp } from "./support/echo.ts";
import { implementPatterns, unaryCall } from "./support/four-patterns.ts";
import { startOtlpReceiver } from "./support/otlp-receiver.ts";
import { serve } from "./support/serve.ts";

/**
 * A file of the README by its name, in a folder that sees our node_modules; removed after the test.
 *
 * @param imports what it imports, and what takes its place here
 */
async function fileOf(name: string, imports = { from: "", to: "" }): Promise<string> {
  const readme = await readFile(join(packageRoot(), "runtime/README.md"), "utf8");
  const block = codeBlocks(readme).find(({ text }) => text.startsWith(`// ${name}\n`));
  const folder = join(packageRoot(), "test/.tmp/library-readme");
  const path = join(folder, basename(name));
  await mkdir(folder, { recursive: true });
  await writeFile(path, (block?.text ?? "").replace(imports.from, imports.to));
  cleanUp(() => rm(folder, { recursive: true }));
  return path;
}

test("the table of entries has each that the package exports", async () => {
  const read = (name: string) => readFile(join(packageRoot(), "runtime", name), "utf8");
  const rows = [...(await read("README.md")).matchAll(/^\| `(grpc-service(?:\/[^`]*)?)` \|/gm)];
  const { exports }: { exports: object } = JSON.parse(await read("package.json"));
  const entries = Object.keys(exports).map((key) => key.replace(/^\./, "grpc-service"));
  expect(rows.map(([, entry]) => entry).sort()).toEqual(entries.sort());
});

test("the recipe for OpenTelemetry exports spans", async () => {
  const spans = await startOtlpReceiver();
  const { sdk }: { sdk: { shutdown(): Promise<void> } } = await import(await fileOf("src/otel.ts"));
  cleanUp(() => {
    for (const api of [trace, context, propagation]) api.disable();
  });
  const { channel, stop } = await serve([implementPatterns(() => {})], [serverTracing()]);
  await unaryCall(channel);
  await stop();
  await sdk.shutdown();
  expect(spans.map(({ name }) => name)).toEqual(["test.Patterns/Unary"]);
});

test("the recipe for a cache shares messages", { tags: "redis-server" }, async () => {
  const generated = join(packageRoot(), "examples/user-service/src/gen/user_pb.ts");
  const path = await fileOf("src/users/user-cache.ts", {
    from: "../gen/user_pb.ts",
    to: generated,
  });
  const { userCache }: { userCache(redis: Redis | undefined): Cache<User> } = await import(path);
  const server = await startServer();
  const caches = [await connect(server.url), await connect(server.url)].map(({ redis }) =>
    userCache(redis),
  );
  await expect.poll(() => server.cli("pubsub", "numsub", "shop:cache:users")).toMatch(/\n2$/);
  const ada = create(UserSchema, { id: 1, name: "Ada" });
  expect(await caches[0]?.get("1", async () => ada)).toBe(ada);
  await expect.poll(() => server.cli("--no-raw", "get", "shop:cache:users:1")).toContain("Ada");
  const unused = () => Promise.reject(new Error("it is in Redis"));
  expect(await caches[1]?.get("1", unused)).toEqual(ada);
});
