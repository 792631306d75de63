import { type Command, defineCommand } from "./command.ts";
import { stepFlags } from "./step-flags.ts";

const dryRun = { type: "boolean", about: "Print what would change; write nothing." } as const;

/** The commands that change what the user owns in a project. */
export const changeCommands: readonly Command[] = [
  defineCommand(
    {
      name: "upgrade",
      about: "Bring the templates of this version into the project, merged with your changes.",
      flags: {
        "dry-run": dryRun,
        skip: {
          type: "string",
          multiple: true,
          value: "<number>",
          about: "Leave out a migration of the code.",
        },
        ...stepFlags,
        from: {
          type: "string",
          value: "<tarball>",
          about: "The version that wrote the project. Default: from node_modules, vendor/ or npm.",
        },
        self: {
          type: "string",
          value: "<spec>",
          about: "create-grpc-service in package.json: a version, path or URL.",
        },
        runtime: {
          type: "string",
          value: "<spec>",
          about: "grpc-service in package.json: a version, path or URL.",
        },
      },
      notes: `Everything must be committed: git is the way back. What both you and the new version changed is marked
with <<<<<<< in the file and listed. To upgrade to the newest version:
  npm exec --package create-grpc-service@latest -- grpc-service upgrade

Exit codes: 0 done; 1 conflicts, or a step failed; 2 wrong usage or input; 130 interrupted, run it again.`,
    },
    async () => (await import("./upgrade/index.ts")).upgrade,
  ),
  defineCommand(
    {
      name: "add",
      runsInOwnCopy: true,
      about: "Add infrastructure, a service or an RPC. Without arguments: list what can be added.",
      arguments: [
        { name: "what", about: "An addition such as postgres, or: service, rpc." },
        { name: "name", about: "Name of the service; or <Service>/<Method> of the RPC." },
      ],
      flags: {
        rpc: {
          type: "string",
          multiple: true,
          value: "<Method>",
          about: "An RPC of the new service.",
        },
        stream: {
          type: "string",
          value: "<side>",
          about: "Side that streams: client, server or both. Default: none.",
        },
        proto: {
          type: "string",
          value: "<file>",
          about: "The file of proto/ for a new service. Default: the one that has a service.",
        },
        "dry-run": dryRun,
        ...stepFlags,
      },
      notes: `An addition is merged into your files as by upgrade: everything must be committed, and conflicts are
listed. An RPC has the messages <Method>Request and <Method>Response; then the same happens as in sync,
with the same exit codes.`,
    },
    async () => (await import("./add/index.ts")).add,
  ),
];
