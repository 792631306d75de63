import type { Config } from "./config.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { MemoryUserStore } from "./users/memory-user-store.ts";
import { type UserMessages, userMessages } from "./users/messages.ts";
import type { UserStore } from "./users/user-store.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies extends Platform {
  readonly users: UserStore;
  /** What the service says to people, in the configured language. */
  readonly messages: UserMessages;
}

/** Users live in memory until another store takes this place. */
export function createDependencies(config: Config): Dependencies {
  const platform = createPlatform(config);
  const users = new MemoryUserStore();
  return {
    ...platform,
    users,
    messages: userMessages[config.dependencies.language],
    resources: { ...platform.resources, users },
  };
}
