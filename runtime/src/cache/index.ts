/** Values that are loaded once and kept: in memory, or shared by processes through Redis. */
export { type Cache, type CacheOptions, createCache } from "./cache.ts";
export { type CacheCodec, jsonCodec, messageCodec } from "./codec.ts";
export type { CacheCounts } from "./counts.ts";
export type { CacheStore, CacheStoreListener, SharedValue, SharedValues } from "./store.ts";
