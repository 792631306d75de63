import { readFileSync } from "node:fs";

/** Name and version of a service: for logs, the `server-version` header and the audience of tokens. */
export interface ServiceInfo {
  readonly name: string;
  readonly version: string;
}

/**
 * Reads name and version from a package.json.
 *
 * @param manifest URL of the package.json, such as `new URL("../package.json", import.meta.url)`
 * @throws Error when the file cannot be read or has no name or version.
 */
export function readServiceInfo(manifest: URL): ServiceInfo {
  const { name, version }: Partial<ServiceInfo> = JSON.parse(readFileSync(manifest, "utf8"));
  if (typeof name !== "string" || typeof version !== "string") {
    throw new Error(`${manifest.pathname} needs a name and a version`);
  }
  return { name, version };
}
