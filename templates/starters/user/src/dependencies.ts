import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createLogger } from "./logger.ts";
import { MemoryUserStore } from "./users/memory-user-store.ts";
import { type UserMessages, userMessages } from "./users/messages.ts";
import type { UserStore } from "./users/user-store.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies {
  readonly logger: Logger;
  /** The current time; tests set it. */
  readonly clock: () => Date;
  readonly users: UserStore;
  /** What the service says to people, in the configured language. */
  readonly messages: UserMessages;
  /** Runs after the last call has ended. */
  close(): Promise<void>;
}

/** Users live in memory until a store on `config.dependencies.databaseUrl` takes this place. */
export function createDependencies(config: Config): Dependencies {
  const users = new MemoryUserStore();
  return {
    logger: createLogger(config),
    clock: () => new Date(),
    users,
    messages: userMessages[config.dependencies.language],
    close: () => users.close(),
  };
}
