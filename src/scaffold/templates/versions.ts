import type { PackageManifest } from "../../package-root.ts";

/** Versions of npm packages for created projects: those that this repository is tested with. */
export interface Versions {
  /** `^1.2.3`. */
  compatible(name: string): string;
  /** `1.2.3`. */
  exact(name: string): string;
}

/**
 * Reads the versions from the package.json of this repository.
 *
 * @throws Error when a template uses a package that this repository does not use.
 */
export function readVersions(manifest: PackageManifest): Versions {
  const exact = (name: string): string => {
    const pin = manifest.dependencies[name] ?? manifest.devDependencies[name];
    if (pin === undefined) throw new Error(`package.json has no version of ${name}`);
    return pin.replace(/^[\^~]/, "");
  };
  return { exact, compatible: (name) => `^${exact(name)}` };
}
