import { type Cache, type CacheStore, createCache, jsonCodec } from "grpc-service/cache";
import { cacheMetrics } from "grpc-service/interceptors/metrics";
import type { Registry } from "prom-client";
import type { UserStatus } from "../gen/user_pb.ts";
import type { NewUser, StoreCall, StoredUser, UserStore } from "./user-store.ts";

/**
 * Longest time in milliseconds for which another server may use an old user: when Redis does not tell it
 * of the change. A tenth of it for a user that it did not find.
 */
const ttlMs = 5_000;

/** Options of `CachedUserStore`. */
export interface CachedUserStoreOptions {
  readonly registry: Registry;
  /** Shares users with the other servers, which also hear of changes. */
  readonly sharedCache?: CacheStore | undefined;
}

/**
 * Another store behind a cache: calls that find the same user at the same time share one access, later ones
 * use the result. This server sees its own changes at once.
 *
 * `find` must not depend on the caller: without row-level security, or with the tenant in the key.
 */
export class CachedUserStore implements UserStore {
  readonly #store: UserStore;
  readonly #cache: Cache<StoredUser>;

  constructor(store: UserStore, { registry, sharedCache }: CachedUserStoreOptions) {
    this.#store = store;
    this.#cache = createCache<StoredUser>({
      // Another name when StoredUser changes: servers of the old version may still run.
      name: "users",
      ttlMs,
      shared: sharedCache && { store: sharedCache, codec: jsonCodec() },
    });
    cacheMetrics([this.#cache], { registry });
  }

  async create(user: NewUser, call: StoreCall): Promise<StoredUser> {
    const created = await this.#store.create(user, call);
    await this.#forget([created.id]);
    return created;
  }

  async createAll(users: readonly NewUser[], call: StoreCall): Promise<number[]> {
    const ids = await this.#store.createAll(users, call);
    await this.#forget(ids);
    return ids;
  }

  async find(id: number, call: StoreCall): Promise<StoredUser | undefined> {
    // On behalf of all callers that wait: it has no deadline, and ends when all of them have left.
    const load = (signal: AbortSignal) => this.#store.find(id, { signal, actor: call.actor });
    const user = await this.#cache.get(String(id), load, call.signal);
    return user && { ...user, hobbies: [...user.hobbies] };
  }

  list(
    range: { offset: number; limit: number },
    call: StoreCall,
  ): Promise<{ users: StoredUser[]; total: number }> {
    return this.#store.list(range, call);
  }

  stream(call: StoreCall): AsyncIterable<StoredUser> {
    return this.#store.stream(call);
  }

  async setStatus(
    id: number,
    status: UserStatus,
    call: StoreCall,
  ): Promise<StoredUser | undefined> {
    try {
      return await this.#store.setStatus(id, status, call);
    } finally {
      // Also when it failed: the database may have done it nevertheless.
      await this.#cache.invalidate(String(id));
    }
  }

  /** After the commit, since somebody may have looked for these ids before. */
  async #forget(ids: readonly number[]): Promise<void> {
    await this.#cache.invalidate(...ids.map(String));
  }
}
