import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, constants, createBrotliCompress } from "node:zlib";
import type { Files } from "./files.ts";
import { once } from "./plugin/once.ts";

/**
 * Files that the build packs, to be small and soon installed: runtime/src with the JavaScript
 * and the declarations made of it, and everything else of templates/. They are one Brotli stream in
 * two parts: the second takes less for following the first, and the plugin reads the first alone.
 */
export type PackName = "runtime" | "templates";

/** Path of a pack. */
export function packPath(packageRoot: string, name: PackName): string {
  return join(packageRoot, "dist", `${name}.br`);
}

/** Packs files: path, text, path, text and so on, each with NUL behind it. */
export async function pack(
  files: Readonly<Record<PackName, Files>>,
): Promise<Record<PackName, Uint8Array>> {
  const brotli = createBrotliCompress();
  const chunks: Buffer[] = [];
  brotli.on("data", (chunk: Buffer) => chunks.push(chunk));
  const add = async (part: Files) => {
    brotli.write(textOf(part));
    await new Promise<void>((resolve) => {
      brotli.flush(constants.BROTLI_OPERATION_FLUSH, resolve);
    });
    return Buffer.concat(chunks.splice(0));
  };
  try {
    return { runtime: await add(files.runtime), templates: await add(files.templates) };
  } finally {
    brotli.close();
  }
}

function textOf(files: Files): string {
  const texts = [...files].flat();
  if (texts.some((text) => text.includes("\0"))) throw new Error("a file to pack holds a NUL");
  return texts.map((text) => `${text}\0`).join("");
}

/** @throws Error when there is no such pack: this is a checkout that was not built. */
export function readPack(packageRoot: string, name: PackName): Files {
  return name === "runtime" ? readRuntime(packageRoot) : readTemplates(packageRoot);
}

const readRuntime = once((packageRoot: string): Files => {
  return new Map(unpack(packed(packageRoot, "runtime")));
});

const readTemplates = once((packageRoot: string): Files => {
  const parts = [packed(packageRoot, "runtime"), packed(packageRoot, "templates")];
  return new Map(unpack(Buffer.concat(parts)).slice(readRuntime(packageRoot).size));
});

function packed(packageRoot: string, name: PackName): Buffer {
  const path = packPath(packageRoot, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run build`);
  return readFileSync(path);
}

function unpack(bytes: Uint8Array): [path: string, text: string][] {
  // The stream goes on behind the first part, and has no end behind the second.
  const finishFlush = constants.BROTLI_OPERATION_FLUSH;
  const texts = brotliDecompressSync(bytes, { finishFlush }).toString("utf8").split("\0");
  const files: [path: string, text: string][] = [];
  for (let i = 0; i + 1 < texts.length; i += 2) files.push([texts[i] ?? "", texts[i + 1] ?? ""]);
  return files;
}
