import { relative } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { counted } from "../../../terminal/counted.ts";
import type { Project } from "../../project/find-project.ts";
import { findPackage, installCommand } from "../../project/manifest.ts";
import { type Finding, failure, ok, warning } from "../finding.ts";
import { missingFile, missingPlatformPackages } from "./package-files.ts";

/** Checks the installed packages against package.json, and that the two packages of ours belong together. */
export function checkPackages({ root, manifest }: Project): Finding[] {
  const { dependencies, packageManager } = manifest;
  const findings = [...dependencies].flatMap(([name, range]) =>
    checkPackage(root, name, range, packageManager),
  );
  findings.push(...checkPlatform(root, dependencies.keys(), packageManager));
  findings.push(...checkSameVersion(root, packageManager));
  return findings.length > 0
    ? findings
    : [ok(`${counted(dependencies.size, "package")}, as package.json requires`)];
}

function checkPackage(
  root: string,
  name: string,
  range: string,
  packageManager: string,
): Finding[] {
  const found = findPackage(root, name);
  const install = installCommand(packageManager);
  if (found.state === "missing") return [failure(`${name} is not installed`, install)];
  const broken = (fault: string) => {
    const folder = relative(root, found.folder).replaceAll("\\", "/");
    return [failure(`${name} is broken: ${fault}`, installCommand(packageManager, folder))];
  };
  if (found.state === "broken") return broken(found.reason);
  if (matches(found.version, range) === false) {
    const message = `${name} ${found.version} is installed, but package.json requires ${range}`;
    return [failure(message, install)];
  }
  const missing = missingFile(found.folder);
  if (missing !== undefined) return broken(`its file ${missing.replace(/^\.\//, "")} is missing`);
  return [];
}

/** Warnings: some packages download these files when they are installed without them. */
function checkPlatform(
  root: string,
  required: Iterable<string>,
  packageManager: string,
): Finding[] {
  return missingPlatformPackages(root, required).map(({ name, wanted }) =>
    warning(
      `${name} needs ${wanted.join(" or ")} on this machine, which is not installed`,
      installCommand(packageManager),
    ),
  );
}

/**
 * Whether a version is in a range of package.json; undefined if that is not a range, such as a folder or
 * a URL.
 */
export function matches(version: string, range: string): boolean | undefined {
  if (validRange(range) === null) return undefined;
  return satisfies(version, range, { includePrerelease: true });
}

/** Generated code and library are made for each other. */
function checkSameVersion(root: string, packageManager: string): Finding[] {
  const library = findPackage(root, "grpc-service");
  const tools = findPackage(root, "create-grpc-service");
  if (library.state !== "installed" || tools.state !== "installed") return [];
  if (library.version === tools.version) return [];
  return [
    failure(
      `grpc-service ${library.version} and create-grpc-service ${tools.version} are installed, but they must have the same version`,
      `set both to the same version in package.json, then ${packageManager} install`,
    ),
  ];
}
