import { type Finding, failure, ok, warning } from "./check.ts";
import { findPackage, type Manifest, packageManagerOf } from "./manifest.ts";
import { satisfies } from "./version-range.ts";

/** Node.js and the package manager against what package.json says. */
export function checkTools(
  manifest: Manifest,
  running: { node: string; userAgent: string | undefined },
): Finding[] {
  const wanted = manifest.engines?.node ?? "*";
  const node =
    satisfies(running.node, wanted) === false
      ? failure(`Node.js ${running.node}, but package.json wants ${wanted}`, "install a newer one")
      : ok(`Node.js ${running.node}`);
  // "npm/11.6.0 node/v24.0.0 linux x64": set by whatever runs the script.
  const manager = /^(\w+)\/(\S+)/.exec(running.userAgent ?? "");
  if (manager === null) return [node];
  const [, name, version] = manager;
  const expected = packageManagerOf(manifest);
  if (name === expected) return [node, ok(`${name} ${version}`)];
  return [node, warning(`${name} ${version}, but this project is for ${expected}`)];
}

/** What is installed against what package.json says: compilers, plugins and runtime among them. */
export function checkPackages(root: string, manifest: Manifest): Finding[] {
  const install = `${packageManagerOf(manifest)} install`;
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const findings = wanted.flatMap(([name, range]) => {
    const version = findPackage(root, name)?.manifest.version;
    if (version === undefined) return [failure(`${name} is not installed`, install)];
    if (satisfies(version, range) !== false) return [];
    return [failure(`${name} ${version} is installed, but package.json wants ${range}`, install)];
  });
  return findings.length > 0 ? findings : [ok(`${wanted.length} packages, as package.json wants`)];
}
