import { basename } from "node:path";
import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { FileServiceClient, UploadServiceClient } from "../gen/file_client.ts";
import { fileServiceDefinition, uploadServiceDefinition } from "../gen/file_grpc.ts";
import { demonstrate } from "./demo.ts";
import { uploadFile } from "./upload-file.ts";

/** Local files to upload. Without any, the client calls every RPC. */
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const services = [fileServiceDefinition, uploadServiceDefinition];

await runClient(services, loadClientConfig, async ({ channel, options }) => {
  const files = new FileServiceClient(channel, options);
  const uploads = new UploadServiceClient(channel, options);
  for (const path of paths) await uploadAndPrint(uploads, path);
  if (paths.length > 0) return;
  await demonstrate({ files, uploads }, console.log, Date.now().toString(36));
});

async function uploadAndPrint(uploads: UploadServiceClient, path: string): Promise<void> {
  const onAttempt = (committed: number, size: number) =>
    console.log(`${path}: the server has ${committed} of ${size} bytes`);
  const { name, sha256 } = await uploadFile(uploads, path, basename(path), { onAttempt });
  console.log(`${path}: stored as ${name}, SHA-256 ${sha256}`);
}
