import { hostOf, isLoopback } from "../address.ts";
import type { EnvReader } from "./env-reader.ts";

const environments = ["development", "test", "production"] as const;

/** Value of ENV. */
export type Environment = (typeof environments)[number];

/**
 * Reads ENV, for the settings that depend on it. Without it, NODE_ENV=production is production too, as
 * hosts and images set that.
 */
export function readEnvironmentName(env: EnvReader): Environment {
  const name = env.oneOf(
    "ENV",
    "Where the service runs. production requires AUTH_ settings of your own. Default: production if NODE_ENV is production, else development.",
    environments,
    undefined,
  );
  return name ?? (env.value("NODE_ENV") === "production" ? "production" : "development");
}

/** Rejects an address that others can reach, if only a default says that this is development. */
export function refuseOpenDevelopment(
  env: EnvReader,
  { environment, address }: { environment: Environment; address: string },
): void {
  if (environment !== "development" || env.isSet("ENV") || isLoopback(hostOf(address))) return;
  env.reject("ENV", `must be set: others can reach ADDRESS, which is ${address}`);
}
