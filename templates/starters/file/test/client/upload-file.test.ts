import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientInterceptor, GrpcError } from "grpc-service";
import { failureOf } from "grpc-service/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256Of } from "../../src/client/chunks.ts";
import { uploadFile } from "../../src/client/upload-file.ts";
import { useFileTestApp } from "../file-test-app.ts";

const app = useFileTestApp();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-local-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([0, 1, 3_500_000])("uploads a local file of %i bytes", async (size) => {
  const path = join(folder, `${size}`);
  const bytes = randomBytes(size);
  await writeFile(path, bytes);
  const file = await uploadFile(app.ada.uploads, path, "a");
  expect(file).toMatchObject({ size: BigInt(size), sha256: await sha256Of([bytes]) });
});

test("continues where it was after a lost connection", async () => {
  const path = join(folder, "large");
  const bytes = randomBytes(3_500_000);
  await writeFile(path, bytes);
  let sent = 0;
  const breaking: ClientInterceptor = async (call, next) => {
    call.onRequest(() => {
      if (call.method.kind !== "client_streaming") return;
      sent += 1;
      if (sent === 4) throw new GrpcError("UNAVAILABLE", "the connection is lost");
    });
    await next();
  };
  const attempts: number[] = [];
  const onAttempt = (_: string, committed: number) => attempts.push(committed);
  const uploads = app.uploadsWith(breaking);
  const { sha256 } = await uploadFile(uploads, path, "a", { onAttempt });
  expect(sha256).toBe(await sha256Of([bytes]));
  expect(attempts).toHaveLength(2);
  expect(attempts[0]).toBe(0);
});

test("continues the upload of another process", async () => {
  const path = join(folder, "started");
  const bytes = randomBytes(2_500_000);
  await writeFile(path, bytes);
  const { uploads } = app.ada;
  const { uploadId } = await uploads.startUpload({ name: "a" });
  await uploads.appendUpload([{ uploadId, data: bytes.subarray(0, 1_000_000) }]);
  const attempts: number[] = [];
  const onAttempt = (_: string, committed: number) => attempts.push(committed);
  const { sha256 } = await uploadFile(uploads, path, "a", { uploadId, onAttempt });
  expect(attempts).toEqual([1_000_000]);
  expect(sha256).toBe(await sha256Of([bytes]));
});

test("a call that will not succeed later fails at once", async () => {
  const path = join(folder, "other");
  await writeFile(path, "some text");
  const failure = await failureOf(uploadFile(app.anonymous.uploads, path, "a"));
  expect(failure.code).toBe("UNAUTHENTICATED");
});
