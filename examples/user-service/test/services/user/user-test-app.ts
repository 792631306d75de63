import { afterEach, beforeEach } from "vitest";
import type { Dependencies } from "../../../src/dependencies.ts";
import { UserServiceClient } from "../../../src/gen/user_client.ts";
import type { StoreCall } from "../../../src/users/user-store.ts";
import { startApp } from "../../start-app.ts";

/** A running app with an empty store for each test, and clients for it. */
export interface UserTestApp {
  /** Sends a valid token with every call. */
  readonly users: UserServiceClient;
  /** Sends none. */
  readonly anonymous: UserServiceClient;
  readonly store: Dependencies["users"];
}

/** For access to the store outside of a call. */
export const noCall: StoreCall = { signal: new AbortController().signal, actor: "test" };

/** Starts an app before each test of the file and stops it after. */
export function useUserTestApp(overrides: () => Partial<Dependencies> = () => ({})): UserTestApp {
  let app: Awaited<ReturnType<typeof startApp>>;
  let users: UserServiceClient;
  let anonymous: UserServiceClient;
  beforeEach(async () => {
    app = await startApp({ dependencies: overrides() });
    users = app.client(UserServiceClient);
    anonymous = app.client(UserServiceClient, app.anonymous);
  });
  afterEach(() => app.close());
  return {
    get users() {
      return users;
    },
    get anonymous() {
      return anonymous;
    },
    get store() {
      return app.dependencies.users;
    },
  };
}

/** A valid request for a user of this name. */
export function person(name: string) {
  return { name, email: `${name}@example.com`, age: 30, hobbies: ["독서"] };
}
