import { basename } from "node:path";
import { GrpcError } from "grpc-service";
import { readEnvironment } from "grpc-service/config";
import { connect, mayCall } from "grpc-service/connect";
import { loadClientConfig } from "../config.ts";
import { FileServiceClient, UploadServiceClient } from "../gen/file_client.ts";
import { fileServiceDefinition, uploadServiceDefinition } from "../gen/file_grpc.ts";
import { type Clients, demonstrate } from "./demo.ts";
import { uploadFile } from "./upload-file.ts";

/** Without arguments: calls every RPC. With paths of local files: uploads these. */
async function main(paths: readonly string[]): Promise<void> {
  const definitions = [fileServiceDefinition, uploadServiceDefinition];
  const connection = await connect(definitions, loadClientConfig(readEnvironment()));
  const clients = {
    files: new FileServiceClient(connection.channel, connection.options),
    uploads: new UploadServiceClient(connection.channel, connection.options),
  };
  try {
    if (!mayCall(connection)) process.exitCode = 1;
    else if (paths.length > 0) await uploadAll(clients, paths);
    else await demonstrate(clients, console.log, Date.now().toString(36));
  } catch (error) {
    if (GrpcError.from(error).code === "UNAVAILABLE") {
      console.error(
        `no server at ${connection.address}; run the script \`doctor\` to find out why`,
      );
    }
    throw error;
  } finally {
    connection.close();
  }
}

async function uploadAll({ uploads }: Clients, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const onAttempt = (committed: number, size: number) =>
      console.log(`${path}: the server has ${committed} of ${size} bytes`);
    const { name, size, sha256 } = await uploadFile(uploads, path, basename(path), { onAttempt });
    console.log(`${path}: ${name}, ${size} bytes, SHA-256 ${sha256}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
