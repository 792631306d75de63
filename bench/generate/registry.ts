import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

/** What a registry knows about one version of a package. */
export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** Further fields of its package.json that npm looks at. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Path of its tarball. Without one it is known but cannot be installed. */
  readonly tarball?: string;
}

export interface LocalRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/** A package registry on this machine, so that what is measured is no network. */
export async function startRegistry(packages: readonly PublishedPackage[]): Promise<LocalRegistry> {
  const hashes = new Map<string, string>();
  for (const { tarball } of packages) {
    if (tarball !== undefined) hashes.set(tarball, await integrity(tarball));
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const wanted = packages.find(({ name }) => path === name || path === `${name}.tgz`);
    if (wanted === undefined) {
      response.writeHead(404).end("{}");
    } else if (path === wanted.name) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(packument(wanted, `http://${request.headers.host}`, hashes)));
    } else if (wanted.tarball !== undefined) {
      createReadStream(wanted.tarball).pipe(response);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the registry has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function packument(
  { name, version, manifest, tarball }: PublishedPackage,
  origin: string,
  hashes: ReadonlyMap<string, string>,
): object {
  const dist = {
    tarball: `${origin}/${name}.tgz`,
    integrity: tarball === undefined ? undefined : hashes.get(tarball),
  };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, name, version, dist } },
  };
}

async function integrity(file: string): Promise<string> {
  return `sha512-${createHash("sha512")
    .update(await readFile(file))
    .digest("base64")}`;
}
