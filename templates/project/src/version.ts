import { readFileSync } from "node:fs";

// One folder below package.json both as src/version.ts and as dist/version.js.
const manifest: { name: string; version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** What package.json says: in the logs, and as `server-version` in response headers. */
export const { name: serviceName, version: serviceVersion } = manifest;
