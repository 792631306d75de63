import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../src/package-root.ts";
import { generate } from "../../tooling/plugins/generate.ts";
import { compile } from "../../tooling/plugins/image.ts";
import { ownCommands } from "../../tooling/plugins/plugin-process.ts";
import { install } from "../install.ts";
import { nodeExecutable } from "../rpc/harness/nodes.ts";
import { installLibrary } from "../rpc/harness/peers.ts";
import { commonPrograms, compileTypeScript } from "../rpc/harness/sandbox.ts";
import { generatePeers, peerPackages } from "./peers.ts";

export interface RunSettings {
  /** Major version of the Node that what is measured runs on; by default this one. */
  readonly node: string | undefined;
  /** Length of a slice. */
  readonly seconds: number;
  readonly rounds: number;
  /** Processes of each contender. */
  readonly processes: number;
  /** Names of the fixtures. Default: all. */
  readonly fixtures: readonly string[] | undefined;
}

/** What every section needs to know. */
export interface Run extends RunSettings {
  /** Where the programs are. */
  readonly folder: string;
  /** Where the code in TypeScript is, printed by our plugin and protoc-gen-es. */
  readonly printed: string;
  readonly executable: string;
}

/** Peers, their code and the programs. Git-ignored; safe to delete. */
const sandbox = join(packageRoot(), "test", ".tmp", "bench-codec");

/** Installs the peers, prints everybody's code and compiles it, as in a built project. */
export async function prepare(settings: RunSettings): Promise<Run> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  await install(sandbox, { ...(await grpcJs()), ...peerPackages });
  await installLibrary(sandbox);
  const folder = join(sandbox, "codec");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const source of [commonPrograms, here("programs")]) {
    await cp(source, folder, { recursive: true });
  }
  const image = await compile(here("proto"));
  const typescript = join(folder, "typescript");
  const printed = join(typescript, "own");
  const compiled = join(folder, "gen");
  const proto = join(here("proto"), "fixtures.proto");
  await generate(image, ["fixtures.proto"], printed, ownCommands("sources").plugin);
  await generatePeers({ sandbox, proto, image, typescript, compiled });
  await compileTypeScript(typescript, compiled);
  return { ...settings, folder, printed, executable: await nodeExecutable(settings.node) };
}

/** The library needs it. */
async function grpcJs(): Promise<Readonly<Record<string, string>>> {
  const manifest = await readFile(join(packageRoot(), "package.json"), "utf8");
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } =
    JSON.parse(manifest);
  return Object.fromEntries(
    Object.entries(devDependencies).filter(([name]) => name === "@grpc/grpc-js"),
  );
}
