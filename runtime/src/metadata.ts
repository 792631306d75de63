import { Metadata } from "@grpc/grpc-js";

/** Metadata to send: keys that end in `-bin` take Buffers, all others strings. */
export type MetadataInit = Metadata | Readonly<Record<string, string | Buffer>>;

/** Key of the id by which the log lines of all services involved in a call can be found. */
export const requestIdKey = "x-request-id";

/**
 * Keys that belong to HTTP/2 or gRPC. Most of them make Node's http2 throw in the middle of a
 * response, or make grpc-js retry without end.
 */
const reservedKeys = new Set([
  "__proto__",
  "connection",
  "content-length",
  "content-type",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** Keys with the reserved prefix `grpc-` that applications may use. */
const propagationKeys = new Set(["grpc-tags-bin", "grpc-trace-bin"]);

/** Headers that Node's http2 sends with a single value only. */
const singleValueKeys = new Set(
  (
    "access-control-allow-credentials access-control-max-age access-control-request-method age " +
    "authorization content-encoding content-language content-location content-md5 content-range " +
    "date dnt etag expires from if-match if-modified-since if-none-match if-range " +
    "if-unmodified-since last-modified location max-forwards proxy-authorization range referer " +
    "retry-after tk upgrade-insecure-requests user-agent x-content-type-options"
  ).split(" "),
);

/** Keys that were found legal; programs use few, and again and again. */
const legalKeys = new Set<string>();
const mostLegalKeys = 1000;

/** Why `key`, in lower case, cannot be sent; undefined if it can. */
function keyProblem(key: string): string | undefined {
  if (legalKeys.has(key)) return undefined;
  const problem = newKeyProblem(key);
  if (problem === undefined && legalKeys.size < mostLegalKeys) legalKeys.add(key);
  return problem;
}

function newKeyProblem(key: string): string | undefined {
  if (reservedKeys.has(key) || (key.startsWith("grpc-") && !propagationKeys.has(key))) {
    return "is reserved";
  }
  return /^[0-9a-z_.-]+$/.test(key) ? undefined : "contains illegal characters";
}

/** Why `key` cannot be sent with `count` values; undefined if it can. */
function entryProblem(key: string, count: number): string | undefined {
  const problem = keyProblem(key);
  if (problem !== undefined) return problem;
  return count > 1 && singleValueKeys.has(key) ? "takes one value only" : undefined;
}

/** @throws Error when `key` cannot be sent with `count` values. */
function requireSendable(key: string, count: number): void {
  const problem = entryProblem(key.toLowerCase(), count);
  if (problem !== undefined) throw new Error(`metadata key ${JSON.stringify(key)} ${problem}`);
}

/**
 * Adds one entry.
 *
 * @throws Error when the key is reserved, or key or value is illegal.
 */
export function addEntry(metadata: Metadata, key: string, value: string | Buffer): void {
  const lowerCased = key.toLowerCase();
  requireSendable(key, metadata.get(lowerCased).length + 1);
  metadata.add(lowerCased, value);
}

/**
 * Checks an entry before it is added to `count` others of its key.
 *
 * @param key in lower case
 * @throws Error when the key is reserved, or key or value is illegal.
 */
export function checkEntry(key: string, value: string | Buffer, count: number): void {
  requireSendable(key, count + 1);
  const isLegal = key.endsWith("-bin")
    ? Buffer.isBuffer(value)
    : typeof value === "string" && /^[ -~]*$/.test(value);
  // grpc-js says what is wrong.
  if (!isLegal) new Metadata().add(key, value);
}

/**
 * A value as it is sent: gRPC and HTTP/2 allow no spaces around a text. A peer on Node drops an entry that
 * has some, others refuse the call.
 */
export function sentValue<Value extends string | Buffer>(value: Value): Value | string {
  return typeof value === "string" ? value.trim() : value;
}

/**
 * Makes metadata ready to be sent.
 *
 * @returns its size in bytes, as HTTP/2 counts it
 * @throws Error when an entry cannot be sent.
 */
export function prepareEntries(metadata: Metadata): number {
  let bytes = 0;
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    requireSendable(key, values.length);
    for (const value of values) bytes += entrySize(key, value);
    if (values.every((value) => sentValue(value) === value)) continue;
    metadata.remove(key);
    for (const value of values) metadata.add(key, sentValue(value));
  }
  return bytes;
}

/**
 * Metadata that the caller may change, copied from `init`.
 *
 * @throws Error when a key or a value is illegal.
 */
export function toMetadata(init: MetadataInit | undefined): Metadata {
  if (init === undefined) return new Metadata();
  if (init instanceof Metadata) return init.clone();
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(init)) addEntry(metadata, key, value);
  return metadata;
}

/**
 * The first text of a key of the metadata of a call. Our own calls need not make all of it for that.
 */
export function firstText(call: { readonly metadata: Metadata }, key: string): string | undefined {
  return hasTexts(call) ? call.firstText(key) : firstTextIn(call.metadata, key);
}

function hasTexts(call: object): call is { firstText(key: string): string | undefined } {
  return "firstText" in call && typeof call.firstText === "function";
}

/** The first value of a key; undefined if there is none, or if it is not a text. */
export function firstTextIn(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === "string" ? value : undefined;
}

/**
 * Node's http2 clients accept 128 header entries by default, including those of HTTP/2 and gRPC.
 */
export const maxEntries = 96;

/**
 * Copies entries from `source` to `target`. Entries that cannot be sent are left out, and so are
 * those that would exceed `maxBytes` (as HTTP/2 counts header lists) or `maxEntries` in `target`.
 */
export function copyEntries(source: Metadata, target: Metadata, maxBytes: number): void {
  let { count, bytes } = extent(target);
  for (const [key, values] of Object.entries(source.toJSON())) {
    for (const given of values) {
      const value = sentValue(given);
      const size = entrySize(key, value);
      const problem = entryProblem(key, target.get(key).length + 1);
      if (count === maxEntries || bytes + size > maxBytes || problem !== undefined) continue;
      target.add(key, value);
      count += 1;
      bytes += size;
    }
  }
}

function extent(metadata: Metadata): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    count += values.length;
    for (const value of values) bytes += entrySize(key, value);
  }
  return { count, bytes };
}

/** What each entry counts besides its key and its value, in bytes, by RFC 9113, 6.5.2. */
export const entryOverhead = 32;

/** Size in bytes as HTTP/2 counts it; binary values are sent in base64. */
export function entrySize(key: string, value: string | Buffer): number {
  const length = typeof value === "string" ? value.length : Math.ceil(value.length / 3) * 4;
  return key.length + length + entryOverhead;
}
