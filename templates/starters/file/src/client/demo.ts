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
  const plain = `plain-${run}.txt`;
  const resumed = `resumed-${run}.txt`;
  await upload(clients, print, plain, bytes);
  await resume(clients, print, resumed, bytes);
  await look(clients, print, plain);
  print("DeleteFile (unary)");
  for (const name of [plain, resumed]) await clients.files.deleteFile({ name });
  print("  both files are gone");
}

async function upload({ files }: Clients, print: Print, name: string, bytes: Buffer) {
  print("Upload (client streaming)");
  const chunks = [...chunksOf(bytes)].map((data) => ({ data }));
  const metadata = { "file-name": encodeURIComponent(name) };
  const { totalSize } = await files.upload(chunks, { metadata });
  print(`  ${totalSize} bytes in ${chunks.length} chunks`);

  print("Upload with a name that is taken (client streaming, refused)");
  const refusal = await failure(files.upload(chunks, { metadata }));
  print(`  [${refusal.code}] ${refusal.rawMessage}`);
  if (refusal.code !== "ALREADY_EXISTS") throw refusal;
}

async function resume({ uploads }: Clients, print: Print, name: string, bytes: Buffer) {
  print("StartUpload (unary), AppendUpload with 60 % of the bytes (client streaming)");
  const { uploadId } = await uploads.startUpload({ name, size: BigInt(bytes.length) });
  const part = bytes.subarray(0, bytes.length * 0.6);
  await uploads.appendUpload([{ uploadId }, ...[...chunksOf(part)].map((data) => ({ data }))]);

  print("GetUpload (unary), AppendUpload with the rest, FinishUpload (unary)");
  const { committed: offset } = await uploads.getUpload({ uploadId });
  print(`  continues at ${offset} of ${bytes.length} bytes`);
  const rest = chunksOf(bytes.subarray(Number(offset)));
  await uploads.appendUpload([{ uploadId, offset }, ...[...rest].map((data) => ({ data }))]);
  const sha256 = await sha256Of([bytes]);
  const file = await uploads.finishUpload({ uploadId, sha256 });
  print(`  ${file.size} bytes, SHA-256 ${file.sha256.slice(0, 8)} as sent`);

  print("CancelUpload (unary)");
  const other = await uploads.startUpload({ name: `other-${name}` });
  await uploads.cancelUpload({ uploadId: other.uploadId });
  print("  nothing is left of another upload");
}

async function look({ files }: Clients, print: Print, name: string) {
  print("GetFile (unary)");
  const { size, sha256 } = await files.getFile({ name });
  print(`  ${size} bytes, SHA-256 ${sha256.slice(0, 8)}`);

  print("ListFiles (unary)");
  const { files: page } = await files.listFiles({ pageSize: 10 });
  print(`  ${page.length} files on the first page`);

  print("Download (server streaming)");
  const whole: Uint8Array[] = [];
  for await (const { data } of files.download({ name })) whole.push(data);
  const verified = (await sha256Of(whole)) === sha256 ? "the same SHA-256" : "another SHA-256";
  print(`  ${Buffer.concat(whole).length} bytes, ${verified}`);

  print("Download of 11 bytes from 1000003 on (server streaming)");
  const part: Uint8Array[] = [];
  const range = { name, offset: 1_000_003n, length: 11n, sha256 };
  for await (const { data } of files.download(range)) part.push(data);
  print(`  "${Buffer.concat(part)}"`);
}

async function failure(call: Promise<unknown>): Promise<GrpcError> {
  try {
    await call;
  } catch (error) {
    return GrpcError.from(error);
  }
  throw new Error("the call should have been refused");
}
