import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { UploadModelRequestSchema } from "../../../src/gen/inference_pb.ts";
import { receiveModel } from "../../../src/models/receive-model.ts";
import { startInference } from "./inference-test-app.ts";

const model = { labels: ["fruit", "tool"], words: { apple: [3, 0], hammer: [0, 3] } };

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The messages of an upload; the checksum is in the first one. */
function* upload(content: unknown, chunkBytes = 7, checksum?: string) {
  const bytes = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
  yield { sha256: checksum ?? sha256(bytes) };
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield { chunk: bytes.subarray(start, start + chunkBytes) };
  }
}

test("the new model answers when all of it has come", async () => {
  const { client } = await startInference();
  const { modelVersion, totalSize } = await client.uploadModel(upload(model));
  expect(totalSize).toBe(BigInt(JSON.stringify(model).length));
  const classified = await client.classify({ text: "a hammer" });
  expect(classified).toMatchObject({ modelVersion, labels: [{ name: "tool" }, { name: "fruit" }] });
});

test("chunks of 1 MiB are taken, up to 16 MiB", async () => {
  const { client, models } = await startInference();
  const words = Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`word${n}`, [n, -n]]));
  const { totalSize } = await client.uploadModel(upload({ ...model, words }, 1_048_576));
  expect(totalSize).toBeGreaterThan(1_048_576n);
  const before = models.model.version;
  const large = upload(" ".repeat(16 * 1_048_576 + 1), 1_048_576);
  expect((await failureOf(client.uploadModel(large))).code).toBe("RESOURCE_EXHAUSTED");
  expect(models.model.version).toBe(before);
});

test.each([
  ["a wrong checksum", () => upload(model, 7, "0".repeat(64)), "sha256"],
  ["no checksum", () => upload(model, 7, ""), "sha256"],
  ["no messages", () => [], "sha256"],
  ["no model", () => upload(""), "chunk"],
  ["no JSON", () => upload("weights"), "chunk"],
  ["no labels", () => upload({ words: {} }), "chunk"],
  ["labels twice", () => upload({ labels: ["a", "a"], words: {} }), "chunk"],
  ["a label that is too long", () => upload({ labels: ["a".repeat(101)], words: {} }), "chunk"],
  ["no words", () => upload({ labels: ["a"] }), "chunk"],
  ["too few weights", () => upload({ labels: ["a", "b"], words: { x: [1] } }), "chunk"],
  ["a weight that is no number", () => upload({ labels: ["a"], words: { x: ["1"] } }), "chunk"],
  ["a weight that is too large", () => upload({ labels: ["a"], words: { x: [1e9] } }), "chunk"],
])("refuses an upload with %s, and keeps the model", async (_, requests, field) => {
  const { client, models, uploads } = await startInference();
  const failure = await failureOf(client.uploadModel(requests()));
  expect([failure.code, invalidFields(failure)]).toEqual(["INVALID_ARGUMENT", [field]]);
  expect(models.model.version).toBe("built-in");
  expect(uploads.runningCount).toBe(0);
});

test("chunks without bytes take no memory", async () => {
  const before = process.memoryUsage().heapUsed;
  let taken = 0;
  async function* chunks() {
    const empty = create(UploadModelRequestSchema, { sha256: sha256(new Uint8Array()) });
    for (let count = 0; count < 1_000_000; count += 1) yield empty;
    taken = process.memoryUsage().heapUsed - before;
  }
  await expect(receiveModel(chunks())).rejects.toThrow("it is not JSON");
  expect(taken).toBeLessThan(64 * 1_048_576);
});

test("an upload that breaks off changes nothing", async () => {
  const { client, models, uploads } = await startInference();
  const controller = new AbortController();
  async function* broken() {
    yield* upload(model);
    await expect.poll(() => uploads.runningCount).toBe(1);
    controller.abort();
  }
  const failure = await failureOf(client.uploadModel(broken(), { signal: controller.signal }));
  expect(failure.code).toBe("CANCELLED");
  await expect.poll(() => uploads.runningCount).toBe(0);
  expect(models.model.version).toBe("built-in");
});

test("MODEL_UPLOADS=off refuses all", async () => {
  const { client } = await startInference({ MODEL_UPLOADS: "off" });
  expect((await failureOf(client.uploadModel(upload(model)))).code).toBe("PERMISSION_DENIED");
});

test("refuses a call without a token", async () => {
  const { anonymous } = await startInference();
  expect((await failureOf(anonymous.uploadModel(upload(model)))).code).toBe("UNAUTHENTICATED");
});
