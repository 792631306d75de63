import satisfies from "semver/functions/satisfies.js";
import type { Manifest } from "../../project/manifest.ts";
import { type Finding, failure, ok, warning } from "../finding.ts";

/** What runs the doctor. */
export interface RunningTools {
  /** Version of Node.js. */
  readonly node: string;
  /** Value of npm_config_user_agent, which package managers set for the scripts that they run. */
  readonly userAgent: string | undefined;
}

/** Checks Node.js and the package manager against package.json. */
export function checkTools(
  { node: required = "*", packageManager }: Pick<Manifest, "node" | "packageManager">,
  { node, userAgent = "" }: RunningTools,
): Finding[] {
  const nodeFinding = satisfies(node, required, { includePrerelease: true })
    ? ok(`Node.js ${node}`)
    : failure(
        `Node.js ${node} is running, but package.json requires ${required}`,
        "install a version that package.json allows",
      );
  // Such as "npm/11.6.0 node/v24.0.0 linux x64".
  const manager = /^(\w+)\/(\S+)/.exec(userAgent);
  if (manager === null) return [nodeFinding];
  const [, name, version] = manager;
  const managerFinding =
    name === packageManager
      ? ok(`${name} ${version}`)
      : warning(`${name} ${version} is running, but this project uses ${packageManager}`);
  return [nodeFinding, managerFinding];
}
