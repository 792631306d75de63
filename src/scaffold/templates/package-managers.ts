/** The package managers a project can be made for. */
export const packageManagerNames = ["npm", "pnpm", "yarn"] as const;

export type PackageManagerName = (typeof packageManagerNames)[number];

/** What templates need to know of a package manager. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** A current version that runs on Node 20, for containers and CI. */
  readonly version: string;
  readonly install: string;
  /** Install exactly what the lock file says. */
  readonly frozenInstall: string;
  /** Run a script of package.json. */
  readonly run: string;
  /** Run a bin of a dependency. */
  readonly exec: string;
  readonly lockFile: string;
  /** Take development dependencies out of an installed project. */
  readonly prune: string;
  readonly isNpm: boolean;
  readonly isPnpm: boolean;
  readonly isYarn: boolean;
}

const commands: Readonly<
  Record<PackageManagerName, Omit<PackageManager, "name" | "isNpm" | "isPnpm" | "isYarn">>
> = {
  npm: {
    version: "11.19.1",
    install: "npm install",
    frozenInstall: "npm ci --strict-allow-scripts",
    run: "npm run",
    exec: "npx",
    lockFile: "package-lock.json",
    prune: "npm prune --omit=dev",
  },
  pnpm: {
    version: "12.21.0",
    install: "pnpm install",
    frozenInstall: "pnpm install --frozen-lockfile",
    run: "pnpm run",
    exec: "pnpm exec",
    lockFile: "pnpm-lock.yaml",
    prune: "pnpm prune --prod",
  },
  yarn: {
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
  return {
    name,
    ...commands[name],
    isNpm: name === "npm",
    isPnpm: name === "pnpm",
    isYarn: name === "yarn",
  };
}

/**
 * The package manager that started us, from `npm_config_user_agent` ("pnpm/10.1.0 npm/? node/...");
 * undefined when there is none or it says something else.
 */
export function runningPackageManager(
  userAgent: string | undefined,
): PackageManagerName | undefined {
  const name = /^([a-z]+)\//.exec(userAgent ?? "")?.[1];
  return packageManagerNames.find((known) => known === name);
}
