import { type EnvReader, readEnvironmentName, type ServiceConfig } from "grpc-service/config";
import type { Logger } from "pino";
import { MemoryUserStore } from "./memory-user-store.ts";
import type { UserStore } from "./user-store.ts";

/** Reads MEMORY_STORE: whether users are kept in memory. In production only if it says so. */
export function readMemoryStore(env: EnvReader): boolean {
  const environment = readEnvironmentName(env);
  env.section("Users");
  const on =
    env.onOff(
      "MEMORY_STORE",
      "Keeps users in memory, lost when the server stops. Default: on, except in production, which then refuses to start.",
      undefined,
    ) ?? environment !== "production";
  if (!on) {
    env.reject(
      "MEMORY_STORE",
      "must be on to keep users in memory, which loses them when the server stops; or store them elsewhere, see docs/starter.md",
    );
  }
  return on;
}

/** Opens an empty store, and says that its users will be lost. */
export function openMemoryStore(
  { environment }: Pick<ServiceConfig, "environment">,
  logger: Logger,
): UserStore {
  const text = "users are kept in memory and lost when the server stops";
  if (environment === "production") logger.warn(text);
  else if (environment === "development") logger.info(text);
  return new MemoryUserStore();
}
