import type { OutgoingHttpHeaders } from "node:http2";
import { Metadata } from "@grpc/grpc-js";

/** What may be given where metadata is sent; keys that end in `-bin` carry Buffers. */
export type MetadataInit = Metadata | Readonly<Record<string, string | Buffer>>;

/**
 * Keys that belong to HTTP/2 or gRPC. Most make Node's http2 throw in the middle of a response or
 * make grpc-js retry for ever.
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

/** Keys with the prefix `grpc-` that are for applications all the same. */
const propagationKeys = new Set(["grpc-tags-bin", "grpc-trace-bin"]);

/** Headers of which Node's http2 sends one value only. */
const singleValueKeys = new Set(
  (
    "access-control-allow-credentials access-control-max-age access-control-request-method age " +
    "authorization content-encoding content-language content-location content-md5 content-range " +
    "date dnt etag expires from if-match if-modified-since if-none-match if-range " +
    "if-unmodified-since last-modified location max-forwards proxy-authorization range referer " +
    "retry-after tk upgrade-insecure-requests user-agent x-content-type-options"
  ).split(" "),
);

/** Why `key` cannot be sent; undefined when it can. Keys are compared in lower case. */
function keyProblem(key: string): string | undefined {
  if (reservedKeys.has(key) || (key.startsWith("grpc-") && !propagationKeys.has(key))) {
    return "is reserved";
  }
  return /^[0-9a-z_.-]+$/.test(key) ? undefined : "contains illegal characters";
}

/** Why `key` cannot be sent with so many values. */
function entryProblem(key: string, count: number): string | undefined {
  const problem = keyProblem(key);
  if (problem !== undefined) return problem;
  return count > 1 && singleValueKeys.has(key) ? "takes one value only" : undefined;
}

/**
 * Adds one entry.
 *
 * @throws Error when the key is reserved, or key or value is illegal.
 */
export function addEntry(metadata: Metadata, key: string, value: string | Buffer): void {
  const lowerCased = key.toLowerCase();
  const problem = entryProblem(lowerCased, metadata.get(lowerCased).length + 1);
  if (problem !== undefined) throw new Error(`metadata key ${JSON.stringify(key)} ${problem}`);
  metadata.add(lowerCased, value);
}

/** @throws Error when an entry cannot be sent. */
export function checkEntries(metadata: Metadata): void {
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    const problem = entryProblem(key, values.length);
    if (problem !== undefined) throw new Error(`metadata key ${JSON.stringify(key)} ${problem}`);
  }
}

/** A copy to add to. @throws Error when a key or a value is illegal. */
export function toMetadata(init: MetadataInit | undefined): Metadata {
  if (init === undefined) return new Metadata();
  if (init instanceof Metadata) return init.clone();
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(init)) addEntry(metadata, key, value);
  return metadata;
}

/** Node's http2 clients take 128 entries in a block by default, those of HTTP/2 and gRPC included. */
export const maxEntries = 96;

/**
 * Copies what can be sent from `source` to `target`, as long as `target` stays within `maxBytes`
 * as HTTP/2 counts header lists; leaves the rest out.
 */
export function copyEntries(source: Metadata, target: Metadata, maxBytes: number): void {
  let { count, bytes } = extent(target);
  for (const [key, values] of Object.entries(source.toJSON())) {
    for (const value of values) {
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

/** RFC 9113, 6.5.2: 32 octets of overhead an entry; binary values travel in base64. */
export function entrySize(key: string, value: string | Buffer): number {
  const length = typeof value === "string" ? value.length : Math.ceil(value.length / 3) * 4;
  return key.length + length + 32;
}

/**
 * Metadata as responses carry it. The gRPC protocol asks senders to leave out the padding of binary
 * values; grpc-js pads them.
 */
export class ResponseMetadata extends Metadata {
  override clone(): Metadata {
    const copy = new ResponseMetadata();
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers();
    for (const key of Object.keys(headers)) {
      if (key.endsWith("-bin")) headers[key] = withoutPadding(headers[key]);
    }
    return headers;
  }
}

/**
 * Trailers of a status without a text. grpc-js always sends `grpc-message`, which the protocol has
 * for failures that say more than their code; trailers of the same name win over it.
 */
export class TextlessTrailers extends ResponseMetadata {
  override clone(): Metadata {
    const copy = new TextlessTrailers();
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers();
    // http2 skips what is undefined.
    headers["grpc-message"] = undefined;
    return headers;
  }
}

/** What headers hold when nobody has set one, made once for all calls. */
export const noHeaders: Metadata = new (class extends Metadata {
  readonly #headers: OutgoingHttpHeaders = Object.freeze({});

  override toHttp2Headers(): OutgoingHttpHeaders {
    return this.#headers;
  }
})();

function withoutPadding(value: OutgoingHttpHeaders[string]): OutgoingHttpHeaders[string] {
  if (Array.isArray(value)) return value.map((entry) => entry.replace(/=+$/, ""));
  return typeof value === "string" ? value.replace(/=+$/, "") : value;
}
