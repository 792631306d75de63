import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../../src/package-root.ts";
import { run } from "../../../tooling/packed/commands.ts";
import { install } from "../../install.ts";

/** Peers, their programs and the Nodes to run them on. Git-ignored; safe to delete. */
export const sandboxFolder = join(packageRoot(), "test", ".tmp", "bench-rpc");

/** What is measured beside ours; pinned, so that figures can be compared. */
const peers = {
  "@connectrpc/connect": "2.2.0",
  "@connectrpc/connect-node": "2.2.0",
  "@grpc/proto-loader": "0.8.1",
  "@nestjs/common": "12.5.1",
  "@nestjs/core": "12.5.1",
  "@nestjs/microservices": "12.1.1",
  "class-transformer": "0.5.1",
  "class-validator": "0.15.1",
  "nice-grpc": "2.1.18",
  "nice-grpc-client-middleware-deadline": "2.0.20",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  "ts-proto": "2.18.0",
  typeorm: "1.1.1",
};

/** What ours runs on, in the versions that we emit; the peers share them. */
const ours = [
  "@bufbuild/protobuf",
  "@grpc/grpc-js",
  "@opentelemetry/api",
  "jose",
  "kysely",
  "pg",
  "pino",
  "prom-client",
  "rate-limiter-flexible",
];

/** Installs what the programs need, once. */
export async function installPeers(): Promise<void> {
  const manifest = await readFile(join(packageRoot(), "package.json"), "utf8");
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } =
    JSON.parse(manifest);
  const pins = Object.entries(devDependencies).filter(([name]) => ours.includes(name));
  await install(sandboxFolder, { ...Object.fromEntries(pins), ...peers });
  await installLibrary(sandboxFolder);
}

/** Builds the library and copies it beside the peers in a folder: what is measured is what is published. */
export async function installLibrary(folder: string): Promise<void> {
  const source = join(packageRoot(), "runtime");
  await run("npm", ["run", "build"], { cwd: source });
  const target = join(folder, "node_modules", "grpc-service");
  await rm(target, { recursive: true, force: true });
  for (const path of ["package.json", "dist"]) {
    await cp(join(source, path), join(target, path), { recursive: true });
  }
}
