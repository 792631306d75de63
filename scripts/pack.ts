import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { packTarballs } from "../tooling/packed/pack.ts";

/** Packs both packages into one folder: `make pack`, with PACK_DIR for another folder. */
const folder = resolve(process.env.PACK_DIR || "dist/packs");
await mkdir(folder, { recursive: true });
const { tool, library } = await packTarballs(folder);
for (const { path, bytes } of [tool, library]) {
  console.log(`${path} (${Math.round(bytes / 1000)} KB)`);
}
