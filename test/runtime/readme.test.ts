import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { context, propagation, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { serverTracing } from "../../runtime/src/interceptors/tracing.ts";
import { packageRoot } from "../../src/package-root.ts";
import { codeBlocks } from "../support/markdown.ts";
import { cleanUp } from "./support/echo.ts";
import { implementPatterns, unaryCall } from "./support/four-patterns.ts";
import { startOtlpReceiver } from "./support/otlp-receiver.ts";
import { serve } from "./support/serve.ts";

/** A file of the README by its name, in a folder that sees our node_modules; removed after the test. */
async function fileOf(name: string): Promise<string> {
  const readme = await readFile(join(packageRoot(), "runtime/README.md"), "utf8");
  const block = codeBlocks(readme).find(({ text }) => text.startsWith(`// ${name}\n`));
  const folder = join(packageRoot(), "test/.tmp/library-readme");
  const path = join(folder, "recipe.ts");
  await mkdir(folder, { recursive: true });
  await writeFile(path, block?.text ?? "");
  cleanUp(() => rm(folder, { recursive: true }));
  return path;
}

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
