import type { PackageManifest } from "../../package-root.ts";

/** Versions of npm packages for the emitted project: the ones that we are tested with. */
export interface Versions {
  /** `^1.2.3`. */
  compatible(name: string): string;
  /** `1.2.3`. */
  exact(name: string): string;
}

/**
 * Reads the pins of our own package.json.
 *
 * @throws Error when a template asks for a package that we do not use ourselves.
 */
export function readVersions(manifest: PackageManifest): Versions {
  const exact = (name: string): string => {
    const pin = manifest.dependencies[name] ?? manifest.devDependencies[name];
    if (pin === undefined) throw new Error(`package.json has no version of ${name}`);
    return pin.replace(/^[\^~]/, "");
  };
  return { exact, compatible: (name) => `^${exact(name)}` };
}
