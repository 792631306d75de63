import { readFileSync } from "node:fs";

// One folder below package.json both as src/version.ts and as dist/version.js.
const manifest: { name: string; version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** Version in package.json: in the logs and in the `server-version` response header. */
export const version = manifest.version;
export const name = manifest.name;
