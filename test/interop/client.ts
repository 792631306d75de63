import { readFile } from "node:fs/promises";
import { type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js";
import { developmentCertificates } from "./certificates.ts";
import { cases, compressionCases, type InteropCase } from "./client/cases/index.ts";
import { connectPeer } from "./client/peer.ts";
import { Flags } from "./flags.ts";

/**
 * Runs one of gRPC's interop cases against a server; the exit code tells whether it passed. Beside
 * the official flags `--server_host`, `--server_port`, `--server_host_override`, `--test_case`,
 * `--use_tls` and `--use_test_ca`: `--ca_file` (the development authority of this checkout), and
 * `--test_case=all` for every case that needs no compression.
 */
async function main(): Promise<void> {
  const flags = new Flags(process.argv.slice(2));
  const chosen = chosenCases(flags.text("test_case"));
  const address = `${flags.text("server_host") ?? "localhost"}:${flags.port("server_port")}`;
  const peer = connectPeer(
    address,
    await channelCredentials(flags),
    nameOptions(flags.text("server_host_override")),
  );
  try {
    for (const [name, run] of chosen) console.log(`${name} ${await outcomeOf(run(peer))}`);
  } finally {
    peer.close();
  }
}

async function outcomeOf(running: Promise<void>): Promise<string> {
  try {
    await running;
    return "passed";
  } catch (error) {
    process.exitCode = 1;
    return `failed: ${error}`;
  }
}

function chosenCases(name: string | undefined): ReadonlyMap<string, InteropCase> {
  if (name === "all") return cases;
  const run = cases.get(name ?? "") ?? compressionCases.get(name ?? "");
  if (name === undefined || run === undefined) {
    const known = [...cases.keys(), ...compressionCases.keys()].join(", ");
    throw new Error(`--test_case is all or one of: ${known}`);
  }
  return new Map([[name, run]]);
}

async function channelCredentials(flags: Flags): Promise<ChannelCredentials> {
  if (!flags.boolean("use_tls")) return credentials.createInsecure();
  // Without: those that Node trusts.
  if (!flags.boolean("use_test_ca")) return credentials.createSsl();
  const file = flags.text("ca_file");
  if (file !== undefined) return credentials.createSsl(await readFile(file));
  return credentials.createSsl((await developmentCertificates()).authority);
}

function nameOptions(override: string | undefined): ChannelOptions {
  if (override === undefined) return {};
  return { "grpc.ssl_target_name_override": override, "grpc.default_authority": override };
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
