import type { UserStatus } from "../gen/user_pb.ts";

/** A user as it is kept; may be sent as a `User` message as it is. */
export interface StoredUser {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly age: number;
  readonly hobbies: string[];
  readonly status: UserStatus;
}

/** A user who has no id yet. The store trusts that the fields were checked. */
export type NewUser = Omit<StoredUser, "id" | "status">;

/** What every access to the store knows of the call it serves. */
export interface StoreCall {
  /** Aborts when the caller has left or its deadline has passed: stop working then. */
  readonly signal: AbortSignal;
  /** Subject of the caller's token, for audit columns or row-level security; "anonymous" with AUTH=off. */
  readonly actor: string;
}

/** Another user has this email; upper and lower case count as the same. */
export class DuplicateEmailError extends Error {
  override readonly name = "DuplicateEmailError";
  readonly email: string;

  constructor(email: string) {
    super("duplicate email");
    this.email = email;
  }
}

/**
 * Where users are kept. test/users/user-store.contract.ts says what every store must do; run it on
 * yours. All methods reject with the signal's reason when the call has ended, and hand out copies:
 * changing a returned user changes nothing here.
 */
export interface UserStore {
  /** Gives ids from 1 rising and the status ACTIVE. @throws DuplicateEmailError */
  create(user: NewUser, call: StoreCall): Promise<StoredUser>;
  /** Creates all in one transaction, or none. @throws DuplicateEmailError */
  createAll(users: readonly NewUser[], call: StoreCall): Promise<StoredUser[]>;
  find(id: number, call: StoreCall): Promise<StoredUser | undefined>;
  /** A slice of all users in the order of their ids, and how many there are in all. */
  list(
    range: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }>;
  /** All users there are at the first step, in the order of their ids, one at a time. */
  stream(call: StoreCall): AsyncIterable<StoredUser>;
  /** Returns the changed user; undefined when there is none. */
  setStatus(id: number, status: UserStatus, call: StoreCall): Promise<StoredUser | undefined>;
}
