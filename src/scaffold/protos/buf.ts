import { createRequire } from "node:module";
import { arch, endianness, platform } from "node:os";
import { counted } from "../../terminal/counted.ts";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import { runProgram } from "../program.ts";

/** Result of a run of buf. */
export interface BufResult {
  readonly succeeded: boolean;
  readonly output: Uint8Array;
  readonly errors: string;
}

/** How long the compiler may take. */
export interface Patience {
  /** Then the user is told why nothing happens. */
  readonly noteAfterMs: number;
  readonly limitMs: number;
}

/** How buf runs. */
export interface BufRun {
  readonly folder: string;
  /** Folder for buf's own files. Default: the user's home, which may be read-only or missing. */
  readonly home?: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Prints progress. */
  readonly note?: ((text: string) => void) | undefined;
  readonly patience?: Patience | undefined;
}

/** Runs the buf binary without a shell, without its Node.js launcher (three times as fast) and offline. */
export async function runBuf(
  args: readonly string[],
  { folder, home, signal, note, patience = usualPatience }: BufRun,
): Promise<BufResult> {
  const limit = counted(Math.ceil(patience.limitMs / 60_000), "minute");
  const slow = setTimeout(() => {
    note?.(`Still compiling the protos. This ends after ${limit}; Ctrl-C ends it now.\n`);
  }, patience.noteAfterMs);
  const { exitCode, startError, endedBy, timedOut, output, errors } = await runProgram(
    bufBinary(),
    args,
    {
      folder,
      ...(home !== undefined && { env: { BUF_CACHE_DIR: home, BUF_CONFIG_DIR: home } }),
      signal,
      timeoutMs: patience.limitMs,
    },
  ).finally(() => clearTimeout(slow));
  if (signal.aborted) throw new InterruptedError();
  if (timedOut) {
    throw new UsageError(
      `the proto compiler did not finish within ${limit}; give --proto fewer files, or break their very long lines`,
    );
  }
  if (exitCode === undefined) {
    throw new UsageError(`cannot run the proto compiler: ${startError ?? endedBy}`);
  }
  return { succeeded: exitCode === 0, output, errors };
}

const usualPatience: Patience = { noteAfterMs: 5_000, limitMs: 120_000 };

/** The binary for this platform, an optional dependency of @bufbuild/buf. */
function bufBinary(): string {
  const here = `${platform()} ${arch()} ${endianness()}`;
  const name = binaries[here];
  if (name === undefined) throw new UsageError(`buf does not support ${here}`);
  const executable = platform() === "win32" ? "buf.exe" : "buf";
  try {
    const launcher = createRequire(import.meta.url).resolve("@bufbuild/buf/package.json");
    return createRequire(launcher).resolve(`@bufbuild/buf-${name}/bin/${executable}`);
  } catch {
    throw new UsageError(
      `@bufbuild/buf-${name} is not installed; install create-grpc-service with its optional dependencies`,
    );
  }
}

/** Names of buf's packages by platform, processor and byte order. */
const binaries: Readonly<Record<string, string>> = {
  "darwin arm64 LE": "darwin-arm64",
  "darwin x64 LE": "darwin-x64",
  "linux arm LE": "linux-armv7",
  "linux arm64 LE": "linux-aarch64",
  "linux x64 LE": "linux-x64",
  "win32 arm64 LE": "win32-arm64",
  "win32 x64 LE": "win32-x64",
};
