import { ServerCredentials } from "@grpc/grpc-js";
import { developmentCertificates, type KeyPair, readKeyPair } from "./certificates.ts";
import { Flags } from "./flags.ts";
import { startGrpcServer, startPlainServer } from "./service/start-server.ts";

/**
 * Serves gRPC's interop test service until it is told to stop. Beside the official flags `--port`
 * and `--use_tls`: `--host` (127.0.0.1), `--tls_cert_file` and `--tls_key_file` (development
 * certificates of this checkout), and `--plain_server` for an ordinary server of grpc-js.
 */
async function main(): Promise<void> {
  const flags = new Flags(process.argv.slice(2));
  const start = flags.boolean("plain_server") ? startPlainServer : startGrpcServer;
  const address = `${flags.text("host") ?? "127.0.0.1"}:${flags.port("port")}`;
  const server = await start(address, await credentials(flags));
  console.log(`listening on port ${server.port}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.stop());
}

async function credentials(flags: Flags): Promise<ServerCredentials> {
  if (!flags.boolean("use_tls")) return ServerCredentials.createInsecure();
  const { certificate, key } = await ownKeyPair(flags);
  return ServerCredentials.createSsl(null, [{ cert_chain: certificate, private_key: key }]);
}

async function ownKeyPair(flags: Flags): Promise<KeyPair> {
  const certificate = flags.text("tls_cert_file");
  const key = flags.text("tls_key_file");
  if (certificate !== undefined && key !== undefined) return readKeyPair(certificate, key);
  return (await developmentCertificates()).server;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
