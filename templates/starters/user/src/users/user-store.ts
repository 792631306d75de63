import type { UserStatus } from "../gen/user_pb.ts";

/** A stored user. It can be sent as a `User` message. */
export interface StoredUser {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly age: number;
  readonly hobbies: string[];
  readonly status: UserStatus;
}

/** A user without an id. The fields are already validated. */
export type NewUser = Omit<StoredUser, "id" | "status">;

/** The call that an access to the store belongs to. */
export interface StoreCall {
  /** Aborts when the caller cancels or the deadline passes: stop working then. */
  readonly signal: AbortSignal;
  readonly deadline?: Date | undefined;
  /** Subject of the caller's token, for audit columns or row-level security; "anonymous" with AUTH=off. */
  readonly actor: string;
}

/** Another user has this email, ignoring case. */
export class DuplicateEmailError extends Error {
  override readonly name = "DuplicateEmailError";
  readonly email: string;

  constructor(email: string) {
    super("duplicate email");
    this.email = email;
  }
}

/**
 * Stores users. test/users/user-store.contract.ts tests what every store must do: run it for yours. After
 * the call has ended, all methods reject with the reason of the signal. Returned users are copies.
 */
export interface UserStore {
  /** Assigns ids from 1 upwards and the status ACTIVE. @throws DuplicateEmailError */
  create(user: NewUser, call: StoreCall): Promise<StoredUser>;
  /** Creates all users in one transaction, and returns their ids. @throws DuplicateEmailError */
  createAll(users: readonly NewUser[], call: StoreCall): Promise<number[]>;
  find(id: number, call: StoreCall): Promise<StoredUser | undefined>;
  /** A slice of all users, ordered by id, and the total number of users. */
  list(
    range: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }>;
  /** All users that exist at the first step, ordered by id. */
  stream(call: StoreCall): AsyncIterable<StoredUser>;
  /** Returns the changed user. Undefined for an unknown id. */
  setStatus(id: number, status: UserStatus, call: StoreCall): Promise<StoredUser | undefined>;
}
