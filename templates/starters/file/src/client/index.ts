import { basename } from "node:path";
import { parseArgs } from "node:util";
import { runClient } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { FileServiceClient, UploadServiceClient } from "../gen/file_client.ts";
import { fileServiceDefinition, uploadServiceDefinition } from "../gen/file_grpc.ts";
import { demonstrate } from "./demo.ts";
import { uploadFile } from "./upload-file.ts";

const services = [fileServiceDefinition, uploadServiceDefinition];

/** Without arguments: calls every RPC. With the path of a local file: uploads it. */
await runClient(services, loadClientConfig, async ({ channel, options }) => {
  const files = new FileServiceClient(channel, options);
  const uploads = new UploadServiceClient(channel, options);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { upload: { type: "string" }, anywhere: { type: "boolean" } },
  });
  const [path] = positionals;
  if (path === undefined) {
    await demonstrate({ files, uploads }, console.log, Date.now().toString(36));
    return;
  }
  const onAttempt = (uploadId: string, committed: number, size: number) =>
    console.log(`upload ${uploadId}: the server has ${committed} of ${size} bytes`);
  const given = { uploadId: values.upload, onAttempt };
  const { name, sha256 } = await uploadFile(uploads, path, basename(path), given);
  console.log(`stored as ${name}, SHA-256 ${sha256}`);
});
