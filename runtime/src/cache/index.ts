/** Values that are loaded once and kept: in memory, or shared by processes through Redis. */
export type { Cache, CacheOptions } from "./cache.ts";
export { type CacheCodec, jsonCodec, messageCodec } from "./codec.ts";
export type { CacheCounts } from "./counts.ts";
export { createCache } from "./create-cache.ts";
export type { CacheStore, CacheStoreListener, SharedValue, SharedValues } from "./store.ts";
