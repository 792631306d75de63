import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import type { Files } from "./files.ts";
import { once } from "./plugin/once.ts";

/**
 * Files that the build packs into one, to be small and soon installed: templates/runtime with the
 * JavaScript and the declarations made of it, and everything else of templates/.
 */
export type PackName = "runtime" | "templates";

/** Path of a pack. */
export function packPath(packageRoot: string, name: PackName): string {
  return join(packageRoot, "dist", `${name}.br`);
}

/** Packs files: path, text, path, text and so on, with NUL between, compressed with Brotli. */
export function pack(files: Files): Uint8Array {
  const texts = [...files].flat();
  if (texts.some((text) => text.includes("\0"))) throw new Error("a file to pack holds a NUL");
  return brotliCompressSync(texts.join("\0"));
}

/** @throws Error when there is no such pack: this is a checkout that was not built. */
export function readPack(packageRoot: string, name: PackName): Files {
  return unpack(packPath(packageRoot, name));
}

const unpack = once((path: string): Files => {
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run build`);
  const texts = brotliDecompressSync(readFileSync(path)).toString("utf8").split("\0");
  const files = new Map<string, string>();
  for (let i = 0; i + 1 < texts.length; i += 2) files.set(texts[i] ?? "", texts[i + 1] ?? "");
  return files;
});
