import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { userEnvironment } from "../../tooling/packed/commands.ts";

/** One process from its start to its end. */
export interface Sample {
  /** Wall time. */
  readonly ms: number;
  /** Peak of its resident memory. NaN if it ended too early. */
  readonly peakMb: number;
  readonly outcome: "done" | "too slow" | "failed";
}

export interface Measured {
  /** Arguments for node. */
  readonly command: readonly string[];
  /** What it gets on its standard input, through a pipe as from a compiler. */
  readonly input?: Uint8Array;
  readonly cwd?: string;
}

const preload = fileURLToPath(new URL("contenders/peak-memory.cjs", import.meta.url));

/** Runs a node process once; after `capMs` it is killed. */
export async function measure({ command, input, cwd }: Measured, capMs: number): Promise<Sample> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--require", preload, ...command], {
    cwd,
    env: userEnvironment(),
    stdio: ["pipe", "pipe", "ignore", "pipe"],
  });
  // A process that dies does not read to the end.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  child.stdout?.resume();
  let printed = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    printed += chunk;
  });
  let isSlow = false;
  const timer = setTimeout(() => {
    isSlow = true;
    child.kill("SIGKILL");
  }, capMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearTimeout(timer);
  return {
    ms: performance.now() - start,
    peakMb: printed === "" ? Number.NaN : Number(printed) / 1024,
    outcome: isSlow ? "too slow" : code === 0 ? "done" : "failed",
  };
}

export function contender(name: string): string {
  return join(fileURLToPath(new URL("contenders", import.meta.url)), name);
}
