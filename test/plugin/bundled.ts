import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../scripts/build/bundle.ts";
import { writePacks } from "../../scripts/build/packs.ts";
import { root } from "./support.ts";

/** What a run of the plugin's process came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly milliseconds: number;
  /** The most memory it held. */
  readonly megabytes: number;
}

/** The plugin as users run it: one bundled file. */
export interface BundledPlugin {
  readonly path: string;
  run(input: Uint8Array, ...args: string[]): Run;
  remove(): void;
}

/** A module that has a process tell its peak memory, in KB, as the last line on stderr. */
const reportMemory = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write("\\n" + process.resourceUsage().maxRSS));',
)}`;

/** Bundles the plugin into a folder of its own, so that dist/ stays what it is. */
export async function bundlePlugin(name: string): Promise<BundledPlugin> {
  const folder = join(root, "test", ".tmp", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  await bundle(root, join(folder, "dist"));
  // Without the runtime as JavaScript: it takes long to compile.
  await writePacks(join(root, "templates"), new Map(), folder);
  const path = join(folder, "dist", "protoc-gen-grpc-service.js");
  return {
    path,
    run(input, ...args) {
      const start = performance.now();
      const options = { input, maxBuffer: 1 << 30 };
      const command = ["--import", reportMemory, path, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
      const milliseconds = performance.now() - start;
      const lines = stderr.toString().split("\n");
      const megabytes = Number(lines.pop()) / 1024;
      return { status, stdout, stderr: lines.join("\n"), milliseconds, megabytes };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
