import { UsageError } from "../../terminal/errors.ts";
import type { Flag } from "./flags.ts";

/** Flags that mean something to npm or to builds of addons, too: the user's configuration may set them. */
const shared: ReadonlySet<string> = new Set(["yes", "force", "version", "help", "runtime"]);

/**
 * npm takes flags that are not behind `--` for its own, and leaves them in the environment.
 *
 * @throws UsageError that says what to type
 */
export function refuseSwallowedFlags(
  args: readonly string[],
  flags: readonly Flag[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  const isTyped = ({ name }: Flag) =>
    args.some((arg) => arg.replace(/^--(?:no-)?|=.*$/gs, "") === name && arg.startsWith("--"));
  const swallowed = flags.filter((flag) => !isTyped(flag) && isSwallowed(flag, env));
  if (!swallowed.some(({ name }) => !shared.has(name))) return;
  const names = swallowed.map((flag) => spelling(flag, env)).join(", ");
  throw new UsageError(
    `npm took ${names} for itself; put -- before the flags: npm create grpc-service [dir] -- [flags]`,
  );
}

function isSwallowed(flag: Flag, env: Readonly<Record<string, string | undefined>>): boolean {
  const value = settingOf(flag, env);
  if (value === undefined) return false;
  // The program is called "git" in npm's configuration.
  return flag.name !== "git" || value === "true" || value === "false";
}

function settingOf({ name, short }: Flag, env: Readonly<Record<string, string | undefined>>) {
  const setting = env[`npm_config_${name.replaceAll("-", "_")}`];
  return setting ?? (short === undefined ? undefined : env[`npm_config_${short.toLowerCase()}`]);
}

function spelling(flag: Flag, env: Readonly<Record<string, string | undefined>>): string {
  const isNegated = flag.isNegatable === true && ["", "false"].includes(settingOf(flag, env) ?? "");
  return isNegated ? `--no-${flag.name}` : `--${flag.name}`;
}
