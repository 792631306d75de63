import type { Catalog, Manifest } from "../templates/manifests.ts";
import { packageManagerNames } from "../templates/package-managers.ts";

/** A flag: how it is read, and its line in --help. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Name of its value in --help. Undefined: the flag takes no value. */
  readonly value?: string;
  /** Whether `--no-<name>` exists. */
  readonly isNegatable?: boolean;
  readonly description: string;
}

/** Flags under one title of --help. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly Flag[];
}

/** Whether an addition is included if no flag says so. */
function usual({ name, isDefault }: Manifest, starters: readonly Manifest[]): string {
  if (isDefault) return "yes";
  const those = starters.filter(({ additions }) => additions.includes(name));
  if (those.length === 0) return "no";
  return `yes for the starter ${those.map((starter) => starter.name).join(", ")}, else no`;
}

/** All flags, including those of the starters and additions in the catalog. */
export function flagGroups({ starters, additions }: Catalog): readonly FlagGroup[] {
  const starterList = starters.map(({ name, description }) => `${name}: ${description}`);
  return [
    {
      title: "What to build",
      flags: [
        {
          name: "proto",
          value: "path",
          description:
            "a .proto file, a folder of them or a descriptor set;\na git repository (URL) or buf.build/owner/module; repeatable",
        },
        {
          name: "import-path",
          short: "I",
          value: "dir",
          description: "another folder to search for imports; repeatable",
        },
        {
          name: "from-server",
          value: "host:port",
          description: "the services of a running server with reflection",
        },
        {
          name: "starter",
          value: "name",
          description: `start with a working example instead of a proto\n${starterList.join("\n")}`,
        },
      ],
    },
    {
      title: "Optional infrastructure",
      flags: additions.map((addition) => ({
        name: addition.name,
        isNegatable: true,
        description: `${addition.description} (default: ${usual(addition, starters)})`,
      })),
    },
    {
      title: "Options",
      flags: [
        {
          name: "name",
          value: "name",
          description: "npm name of the project (default: the name of the folder)",
        },
        {
          name: "package-manager",
          value: "name",
          description: `${packageManagerNames.join(", ")} (default: the one that runs this)`,
        },
        {
          name: "install",
          isNegatable: true,
          description: "install the dependencies (default: yes)",
        },
        { name: "git", isNegatable: true, description: "create a git repository (default: yes)" },
        {
          name: "self",
          value: "specifier",
          description: "specifier of create-grpc-service in package.json: a version, file:...",
        },
        {
          name: "runtime",
          value: "specifier",
          description: "specifier of grpc-service in package.json",
        },
        { name: "yes", short: "y", description: "use the default for everything not given" },
        {
          name: "force",
          description: "write into a folder that is not empty; its files are kept",
        },
        { name: "dry-run", description: "show what would be written, write nothing" },
        { name: "help", short: "h", description: "print this text" },
        { name: "version", short: "v", description: "print the version" },
      ],
    },
  ];
}
