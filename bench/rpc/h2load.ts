import { attempt, run } from "../../tooling/packed/commands.ts";
import { pinned } from "./harness/process.ts";
import { loadCore } from "./run.ts";

export interface LoadOptions {
  readonly port: number;
  /** Bearer token that is sent with each call. */
  readonly token?: string | undefined;
  readonly path: string;
  /** File with the body of every request. */
  readonly body: string;
  /** Rounded up to whole ones. */
  readonly seconds: number;
  /** Calls at the same time, on one connection. */
  readonly inFlight: number;
}

/** Requests that were answered, and how many a second. */
export interface Load {
  readonly requests: number;
  readonly rate: number;
}

/** @throws Error when there is no h2load. */
export async function requireH2load(): Promise<void> {
  const found = await attempt("h2load", ["--version"], { cwd: "/" }).catch(() => undefined);
  if (found?.exitCode !== 0) throw new Error("unary needs h2load (Debian: nghttp2-client)");
}

/** Runs h2load. It looks at the HTTP status only. */
export async function h2load(options: LoadOptions): Promise<Load> {
  const { port, token, path, body, seconds, inFlight } = options;
  const [command = "", ...args] = pinned(loadCore, [
    "h2load",
    ...["--clients", "1", "--max-concurrent-streams", `${inFlight}`],
    ...["--duration", `${Math.ceil(seconds)}`, "--data", body],
    ...["--header", "content-type: application/grpc", "--header", "te: trailers"],
    ...(token === undefined ? [] : ["--header", `authorization: Bearer ${token}`]),
    `http://127.0.0.1:${port}${path}`,
  ]);
  const { stdout } = await run(command, args, { cwd: "/" });
  const rate = Number(/([\d.]+) req\/s/.exec(stdout)?.[1]);
  const [, succeeded, failed] = /(\d+) succeeded, (\d+) failed/.exec(stdout) ?? [];
  const requests = Number(succeeded);
  if (!(requests > 0 && rate > 0 && failed === "0")) throw new Error(`h2load says: ${stdout}`);
  return { requests, rate };
}
