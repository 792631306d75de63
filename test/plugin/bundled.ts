import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../scripts/build/bundle.ts";
import { compileStarters } from "../../scripts/build/compile-starters.ts";
import { precompileTemplates } from "../../scripts/build/precompile-templates.ts";
import { root } from "./support.ts";

/** What a run of the plugin's process came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** Milliseconds that it computed: what else runs on the machine does not count. */
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

/**
 * A module that has a process tell its peak memory, in KB, and the time it computed, in
 * microseconds, as the last line on stderr. On Linux, `maxRSS` starts with that of the process that
 * forked this one.
 */
const reportUsage = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from "node:fs";
  process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const isLinux = process.platform === "linux";
    const status = isLinux ? readFileSync("/proc/self/status", "utf8") : "";
    const peak = isLinux ? /^VmHWM:\\s+(\\d+) kB$/m.exec(status)[1] : maxRSS;
    process.stderr.write("\\n" + peak + " " + (userCPUTime + systemCPUTime));
  });
`)}`;

/** Bundles the plugin into a folder of its own, so that dist/ stays what it is. */
export async function bundlePlugin(name: string): Promise<BundledPlugin> {
  const folder = join(root, "test", ".tmp", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  const dist = join(folder, "dist");
  await bundle(root, dist);
  await Promise.all([precompileTemplates(root, dist), compileStarters(root, dist)]);
  cpSync(join(root, "templates"), join(folder, "templates"), { recursive: true });
  const path = join(folder, "dist", "protoc-gen-grpc-service.js");
  return {
    path,
    run(input, ...args) {
      const options = { input, maxBuffer: 1 << 30 };
      const command = ["--import", reportUsage, path, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
      const lines = stderr.toString().split("\n");
      const [kilobytes = 0, microseconds = 0] = (lines.pop() ?? "").split(" ").map(Number);
      const usage = { milliseconds: microseconds / 1000, megabytes: kilobytes / 1024 };
      return { status, stdout, stderr: lines.join("\n"), ...usage };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
