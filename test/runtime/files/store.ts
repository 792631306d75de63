import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { FileStore, type FileStoreOptions } from "../../../runtime/src/files/index.ts";
import { failureOf } from "../../../runtime/src/testing/index.ts";
import { cleanUp } from "../support/echo.ts";

/** Limits that tests do not reach. */
const wide = {
  maxFileBytes: 1_000_000,
  quotaBytes: 10_000_000,
  maxBytesPerOwner: 10_000_000,
  maxFilesPerOwner: 100,
  maxUploadsPerOwner: 100,
  uploadTtlMs: 60_000,
};

/** A store that is not open. */
export function newStore(
  folder: string | undefined,
  options: Partial<FileStoreOptions> = {},
): FileStore {
  return new FileStore({ folder, ...wide, ...options });
}

/** An open store. It is closed after the test. */
export async function openStore(
  folder: string,
  options: Partial<FileStoreOptions> = {},
): Promise<FileStore> {
  const store = newStore(folder, options);
  await store.open();
  cleanUp(() => store.close());
  return store;
}

/** Texts as chunks. */
export async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array, void> {
  for (const text of texts) yield Buffer.from(text);
}

/** A source that a test feeds: a call whose caller sends when it likes. */
export function feed() {
  const waiting: ((result: IteratorResult<Uint8Array, void>) => void)[] = [];
  const asked: (() => void)[] = [];
  const source: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
          asked.shift()?.();
        }),
    }),
  };
  /** Resolves when the store has asked for a chunk. */
  const untilAsked = (): Promise<void> =>
    waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => asked.push(resolve));
  return {
    source,
    untilAsked,
    async send(text: string): Promise<void> {
      await untilAsked();
      waiting.shift()?.({ done: false, value: Buffer.from(text) });
    },
    async end(): Promise<void> {
      await untilAsked();
      waiting.shift()?.({ done: true, value: undefined });
    },
  };
}

/** The bytes of a file as a text. */
export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What is half-written or on its way out. */
export function leftovers(folder: string): string[] {
  return readdirSync(join(folder, "tmp"));
}

/** Expects that calls end with NOT_FOUND. They run at the same time. */
export async function allNotFound(
  calls: readonly (Promise<unknown> | AsyncIterable<unknown>)[],
): Promise<void> {
  const failures = await Promise.all(calls.map(failureOf));
  expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(["NOT_FOUND"]));
}
