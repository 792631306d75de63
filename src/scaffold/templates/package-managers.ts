/** The supported package managers. */
export const packageManagerNames = ["npm", "pnpm", "yarn"] as const;

export type PackageManagerName = (typeof packageManagerNames)[number];

/** Commands and files of a package manager, for templates. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** A current version that runs on Node 20, for containers and CI. */
  readonly version: string;
  readonly install: string;
  /** Installs exactly the versions of the lock file. */
  readonly frozenInstall: string;
  /** Runs a script of package.json. */
  readonly run: string;
  /** Runs a bin of a dependency. */
  readonly exec: string;
  readonly lockFile: string;
  /** Removes the development dependencies. */
  readonly prune: string;
}

const packageManagers: Readonly<Record<PackageManagerName, PackageManager>> = {
  npm: {
    name: "npm",
    version: "11.19.1",
    install: "npm install",
    frozenInstall: "npm ci --strict-allow-scripts",
    run: "npm run",
    exec: "npx",
    lockFile: "package-lock.json",
    prune: "npm prune --omit=dev",
  },
  pnpm: {
    name: "pnpm",
    version: "12.21.0",
    install: "pnpm install",
    frozenInstall: "pnpm install --frozen-lockfile",
    run: "pnpm run",
    exec: "pnpm exec",
    lockFile: "pnpm-lock.yaml",
    prune: "pnpm prune --prod",
  },
  yarn: {
    name: "yarn",
    version: "4.18.1",
    install: "yarn install",
    frozenInstall: "yarn install --immutable",
    run: "yarn run",
    exec: "yarn run",
    lockFile: "yarn.lock",
    prune: "yarn workspaces focus --production",
  },
};

export function packageManager(name: PackageManagerName): PackageManager {
  return packageManagers[name];
}

/**
 * The package manager that started this process, from `npm_config_user_agent` such as
 * "pnpm/10.1.0 npm/? node/...". Undefined for any other value.
 */
export function runningPackageManager(
  userAgent: string | undefined,
): PackageManagerName | undefined {
  const name = /^([a-z]+)\//.exec(userAgent ?? "")?.[1];
  return packageManagerNames.find((known) => known === name);
}
