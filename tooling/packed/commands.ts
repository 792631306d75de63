import { execa } from "execa";
import { npmSettings } from "./registry-date.ts";

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Show the command's own output as it comes. Default false. */
  readonly show?: boolean;
  /** Milliseconds after which the command is ended. Default 5 minutes. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Environment for a command that a user would type: nothing that an outer `npm run` has set, since
 * npm hands its own settings down and they would change what the inner npm does. npm installs as of
 * the recorded date.
 */
export function userEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$|VITEST|TEST$|FORCE_COLOR$|CI$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: "1",
    ...npmSettings(),
    ...extra,
  };
}

/** Runs a command to its end and returns what it printed; a non-zero exit is no error here. */
export async function attempt(
  command: string,
  args: readonly string[],
  { cwd, env, show = false, timeoutMs = 300_000 }: CommandOptions,
): Promise<CommandResult> {
  const { exitCode, stdout, stderr, failed, shortMessage } = await execa(command, args, {
    cwd,
    env: userEnvironment(env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    stdout: show ? ["pipe", "inherit"] : "pipe",
    stderr: show ? ["pipe", "inherit"] : "pipe",
    timeout: timeoutMs,
  });
  if (failed && exitCode === undefined) throw new Error(shortMessage);
  return { exitCode: exitCode ?? 1, stdout, stderr };
}

/** Runs a command that has to succeed. @throws Error with the command's output when it does not. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const result = await attempt(command, args, options);
  if (result.exitCode !== 0) {
    const output = `${result.stdout}\n${result.stderr}`.trim();
    throw new Error(`\`${[command, ...args].join(" ")}\` ended with ${result.exitCode}\n${output}`);
  }
  return result;
}
