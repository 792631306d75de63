import { GrpcError } from "grpc-service";
import { BadRequestSchema } from "grpc-service/error-details";
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

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<GrpcError> {
  return await call.then(
    () => {
      throw new Error("the call should have failed");
    },
    (error: unknown) => GrpcError.from(error),
  );
}

/** All messages of a stream. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const received: T[] = [];
  for await (const message of stream) received.push(message);
  return received;
}

/** The fields that the details of an error name. */
export function fieldsOf(failure: GrpcError): string[] {
  const details = failure.findDetails(BadRequestSchema);
  return details.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));
}
