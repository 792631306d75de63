import { GrpcError } from "grpc-service";
import type { FileServiceClient, UploadServiceClient } from "../gen/file_client.ts";
import { chunksOf, sha256Of } from "./chunks.ts";

/** Called once for each line of the demonstration. */
export type Print = (line: string) => void;

/** The services that the demonstration calls. */
export interface Clients {
  readonly files: FileServiceClient;
  readonly uploads: UploadServiceClient;
}

/**
 * Calls every RPC and prints the responses. It removes the files that it makes.
 *
 * @param run part of every name, to make them unique per run
 * @throws GrpcError of the first call with an unexpected result
 */
export async function demonstrate(clients: Clients, print: Print, run: string): Promise<void> {
  const bytes = Buffer.alloc(2_500_000, "파일 file ");
  const sha256 = await sha256Of([bytes]);
  const plain = { name: `plain-${run}.txt`, bytes, sha256 };
  const resumed = { name: `resumed-${run}.txt`, bytes, sha256 };
  await upload(clients, print, plain);
  await resume(clients, print, resumed);
  await look(clients, print, plain);
  await download(clients, print, plain);
  print("DeleteFile (unary)");
  for (const { name } of [plain, resumed]) await clients.files.deleteFile({ name });
  print("  both files are gone");
}

interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

async function upload({ files }: Clients, print: Print, { name, bytes }: Sample): Promise<void> {
  print("Upload (client streaming)");
  const metadata = { "file-name": encodeURIComponent(name) };
  const { totalSize } = await files.upload(messages(bytes), { metadata });
  print(`  ${totalSize} bytes in ${messages(bytes).length} chunks`);

  print("Upload with a name that is taken (client streaming, refused)");
  const refusal = await failure(files.upload(messages(bytes), { metadata }));
  print(`  [${refusal.code}] ${refusal.rawMessage.replace(name, "plain.txt")}`);
  if (refusal.code !== "ALREADY_EXISTS") throw refusal;
}

async function resume({ uploads }: Clients, print: Print, sample: Sample): Promise<void> {
  const { name, bytes, sha256 } = sample;
  print("StartUpload (unary), AppendUpload with 60 % of the bytes (client streaming)");
  const { uploadId } = await uploads.startUpload({ name, size: BigInt(bytes.length) });
  const part = bytes.subarray(0, bytes.length * 0.6);
  await uploads.appendUpload([{ uploadId }, ...messages(part)]);

  print("GetUpload (unary), AppendUpload with the rest, FinishUpload (unary)");
  const { committed: offset } = await uploads.getUpload({ uploadId });
  print(`  continues at ${offset} of ${bytes.length} bytes`);
  const rest = bytes.subarray(Number(offset));
  await uploads.appendUpload([{ uploadId, offset }, ...messages(rest)]);
  const file = await uploads.finishUpload({ uploadId, sha256 });
  print(`  ${describe(file, sha256)}`);

  print("CancelUpload (unary)");
  const other = await uploads.startUpload({ name: `other-${name}` });
  await uploads.cancelUpload({ uploadId: other.uploadId });
  print("  nothing is left of another upload");
}

async function look({ files }: Clients, print: Print, { name, sha256 }: Sample): Promise<void> {
  print("GetFile (unary)");
  print(`  ${describe(await files.getFile({ name }), sha256)}`);

  print("ListFiles (unary)");
  const { files: page } = await files.listFiles({ pageSize: 10 });
  print(`  ${page.length} files on the first page`);
}

async function download({ files }: Clients, print: Print, sample: Sample): Promise<void> {
  const { name, sha256 } = sample;
  print("Download (server streaming)");
  const whole = await received(files.download({ name }));
  print(`  ${describe({ size: whole.length, sha256: await sha256Of([whole]) }, sha256)}`);

  print("Download of 12 bytes from 1000008 on (server streaming)");
  const range = { name, offset: 1_000_008n, length: 12n, sha256 };
  print(`  "${await received(files.download(range))}"`);
}

/** Bytes as messages of 1 MiB. */
function messages(bytes: Buffer): { data: Uint8Array }[] {
  return [...chunksOf(bytes)].map((data) => ({ data }));
}

async function received(chunks: AsyncIterable<{ data: Uint8Array }>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const { data } of chunks) parts.push(data);
  return Buffer.concat(parts);
}

/** @throws Error for bytes that are not those that were sent */
function describe(file: { size: number | bigint; sha256: string }, sent: string): string {
  if (file.sha256 !== sent) throw new Error(`the SHA-256 is ${file.sha256}, not ${sent}`);
  return `${file.size} bytes, SHA-256 as sent`;
}

async function failure(call: Promise<unknown>): Promise<GrpcError> {
  try {
    await call;
  } catch (error) {
    return GrpcError.from(error);
  }
  throw new Error("the call should have been refused");
}
