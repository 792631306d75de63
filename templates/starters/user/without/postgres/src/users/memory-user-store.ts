import { GrpcError } from "grpc-service";
import { UserStatus } from "../gen/user_pb.ts";
import {
  DuplicateEmailError,
  type NewUser,
  type StoreCall,
  type StoredUser,
  type UserStore,
} from "./user-store.ts";

/**
 * Stores users in memory, for development and tests. Every method finishes within one turn of the event
 * loop, which makes `createAll` a transaction.
 */
export class MemoryUserStore implements UserStore {
  /** The user with id n is at index n - 1. Entries are replaced, never changed. */
  readonly #users: StoredUser[] = [];
  readonly #emails = new Set<string>();

  async create(user: NewUser, call: StoreCall): Promise<StoredUser> {
    call.signal.throwIfAborted();
    this.#claim([user]);
    return this.#insert(user);
  }

  async createAll(users: readonly NewUser[], call: StoreCall): Promise<number[]> {
    call.signal.throwIfAborted();
    this.#claim(users);
    return users.map((user) => this.#insert(user).id);
  }

  async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    call.signal.throwIfAborted();
    const user = this.#users[id - 1];
    return user && copy(user);
  }

  async list(
    { offset, limit }: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    call.signal.throwIfAborted();
    const users = this.#users.slice(offset, offset + limit).map(copy);
    return { users, total: this.#users.length };
  }

  async *stream(call: StoreCall): AsyncIterable<StoredUser> {
    const snapshot = this.#users.slice();
    for (const user of snapshot) {
      call.signal.throwIfAborted();
      yield copy(user);
    }
  }

  async setStatus(
    id: number,
    status: UserStatus,
    call: StoreCall,
  ): Promise<StoredUser | undefined> {
    call.signal.throwIfAborted();
    const user = this.#users[id - 1];
    if (user === undefined) return undefined;
    const changed = { ...user, status };
    this.#users[id - 1] = changed;
    return copy(changed);
  }

  /** Reserves the emails of all these users, or none. As a database, it stores no NUL. */
  #claim(users: readonly NewUser[]): void {
    const claimed = new Set<string>();
    for (const { name, email, hobbies } of users) {
      if ([name, email, ...hobbies].some((text) => text.includes("\0"))) {
        throw new GrpcError("INVALID_ARGUMENT", "a text has a character that cannot be stored");
      }
      const key = email.toLowerCase();
      if (this.#emails.has(key) || claimed.has(key)) throw new DuplicateEmailError(email);
      claimed.add(key);
    }
    for (const key of claimed) this.#emails.add(key);
  }

  #insert(user: NewUser): StoredUser {
    const { name, email, age, hobbies } = user;
    const id = this.#users.length + 1;
    const stored = { id, name, email, age, hobbies: [...hobbies], status: UserStatus.ACTIVE };
    this.#users.push(stored);
    return copy(stored);
  }
}

function copy(user: StoredUser): StoredUser {
  return { ...user, hobbies: [...user.hobbies] };
}
