import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import type { PackageManagerName } from "../templates/package-managers.ts";
import { findOrigin } from "./origin.ts";
import { packCheckout, type Tarball } from "./pack-checkout.ts";
import { givenSpecifier } from "./specifier.ts";

/** The dependencies of a project on this repository's two packages. */
export interface OwnPackages {
  /** Specifier of `create-grpc-service` in package.json. */
  readonly self: string;
  /** Specifier of `grpc-service` in package.json. */
  readonly library: string;
  /** Tarballs to copy into the project, by path. Empty if the packages come from a registry. */
  readonly vendor: ReadonlyMap<string, Uint8Array>;
}

/** Input of {@link ownPackages}. */
export interface PackageSources {
  /** Folder of the package.json of create-grpc-service, without symbolic links. */
  readonly packageRoot: string;
  readonly version: string;
  /** Installs the project. */
  readonly packageManager: PackageManagerName;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** `--self`, as typed. */
  readonly self?: string | undefined;
  /** `--runtime`, as typed. */
  readonly library?: string | undefined;
}

/**
 * Run from a registry, a project depends on `^version`. Run from a tarball or a checkout, the tarballs of
 * both packages are copied into the project: it can be installed on any machine and in `docker build` although
 * nothing is published. `--self` and `--runtime` override.
 *
 * @throws UsageError when a tarball is missing, what create-grpc-service was installed from is gone, or
 * the checkout is not built.
 */
export async function ownPackages(sources: PackageSources): Promise<OwnPackages> {
  const { self, library } = sources;
  if (self !== undefined && library !== undefined) return overridden(sources, self, library);
  const found = await foundPackages(sources);
  if (self === undefined && library === undefined) return found;
  const overriding = await overridden(sources, self ?? found.self, library ?? found.library);
  return { ...overriding, vendor: usedTarballs(found.vendor, overriding) };
}

async function foundPackages(sources: PackageSources): Promise<OwnPackages> {
  const { packageRoot, version, signal } = sources;
  const origin = await findOrigin(packageRoot);
  switch (origin.kind) {
    case "registry":
      return { self: `^${version}`, library: `^${version}`, vendor: new Map() };
    case "remote":
      return { self: origin.specifier, library: `^${version}`, vendor: new Map() };
    case "checkout": {
      const [self, library] = await packCheckout(packageRoot, signal);
      return vendored(self, library);
    }
    case "gone":
      // Not from a registry instead: what has our names there need not be ours.
      throw new UsageError(
        `${printable(origin.path)}, which create-grpc-service was installed from, is gone; put it back, or give --self and --runtime`,
      );
    case "tarball": {
      const library = join(dirname(origin.path), `grpc-service-${version}.tgz`);
      if (!existsSync(library)) {
        const name = printable(basename(library));
        throw new UsageError(
          `${name} is missing next to ${printable(origin.path)}; put it there, or give --runtime`,
        );
      }
      return vendored(await readTarball(origin.path), await readTarball(library));
    }
  }
}

async function overridden(
  { cwd, packageManager }: PackageSources,
  self: string,
  library: string,
): Promise<OwnPackages> {
  return {
    self: await givenSpecifier("--self", self, cwd, packageManager),
    library: await givenSpecifier("--runtime", library, cwd, packageManager),
    vendor: new Map(),
  };
}

function vendored(self: Tarball, library: Tarball): OwnPackages {
  const path = ({ name }: Tarball) => `vendor/${name}`;
  return {
    self: `file:${path(self)}`,
    library: `file:${path(library)}`,
    vendor: new Map([self, library].map((tarball) => [path(tarball), tarball.bytes])),
  };
}

function usedTarballs(
  vendor: OwnPackages["vendor"],
  { self, library }: OwnPackages,
): Map<string, Uint8Array> {
  const used = [...vendor].filter(([path]) => [self, library].includes(`file:${path}`));
  return new Map(used);
}

async function readTarball(path: string): Promise<Tarball> {
  return { name: basename(path), bytes: await readFile(path) };
}
