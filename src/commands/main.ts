import { UsageError } from "../terminal/errors.ts";
import type { StreamHost } from "../terminal/host.ts";
import { nearest } from "../terminal/nearest.ts";
import { reportError } from "../terminal/report-error.ts";
import { callCommands } from "./call/commands.ts";
import { changeCommands } from "./change-commands.ts";
import { type Command, defineCommand } from "./command.ts";
import { commandHelp, programHelp } from "./help.ts";
import { importPathFlag } from "./import-path-flag.ts";

/** Every command, in the order of the help. */
const commands: readonly Command[] = [
  defineCommand(
    {
      name: "doctor",
      about: "Check this project and this machine, and print how to fix what is wrong.",
      flags: { json: { type: "boolean", about: "Print the findings as JSON." } },
    },
    async () => (await import("./doctor/index.ts")).doctor,
  ),
  defineCommand(
    {
      name: "certs",
      about: "Create certificates for TLS and mutual TLS in development, in certs/.",
      flags: {
        force: {
          type: "boolean",
          about: "Make a new authority too. Default: the one in certs/ is kept and signs.",
        },
      },
    },
    async () => (await import("./certs/index.ts")).certs,
  ),
  defineCommand(
    {
      name: "secrets",
      about: "Create .env, or complete it: a random value for every secret without a value.",
      flags: {},
    },
    async () => (await import("./secrets/index.ts")).secrets,
  ),
  defineCommand(
    {
      name: "token",
      about: "Print a token that is valid for five minutes, signed with AUTH_JWT_SECRET.",
      argument: { name: "subject", about: "Subject of the token. Default: developer." },
      flags: {
        scope: { type: "string", multiple: true, value: "<scope>", about: "Scope of the token." },
      },
    },
    async () => (await import("./token/index.ts")).token,
  ),
  defineCommand(
    {
      name: "sync",
      runsInOwnCopy: true,
      about: "Generate src/gen from proto/, add missing handlers, and move code to new names.",
      flags: {
        proto: {
          type: "string",
          multiple: true,
          value: "<path>",
          about: "A .proto file or a folder of them to copy into proto/ first.",
        },
        "import-path": importPathFlag,
        rename: {
          type: "string",
          multiple: true,
          value: "<old=new>",
          about:
            "Move code to the new name of an RPC, service or message; none: nothing else was renamed.",
        },
        copy: {
          type: "string",
          multiple: true,
          value: "<old=new>",
          about: "Start the handlers of a service as copies of those of another version of it.",
        },
        source: {
          type: "boolean",
          about: "First take the protos from where they came from when the project was made.",
        },
        force: {
          type: "boolean",
          about: "Let --proto and --source replace changed files of proto/.",
        },
        yes: { type: "boolean", about: "Ask nothing." },
        check: {
          type: "boolean",
          about: "Write nothing; exit with 1 if something would change or does not compile.",
        },
        "dry-run": { type: "boolean", about: "Print what would change; write nothing." },
      },
      notes: `Exit codes: 0 up to date, and it compiles; 1 something is left for you: names to decide (nothing was
written), lines to add, code that does not compile, protos that the source has lost, with --check any
change; 2 wrong usage or input, nothing was written; 130 interrupted, run it again.`,
    },
    async () => (await import("./sync/index.ts")).sync,
  ),
  defineCommand(
    {
      name: "breaking",
      about: "Compare the protos with those of the main branch: what would break callers?",
      flags: {
        against: {
          type: "string",
          value: "<commit>",
          about:
            "A branch, a tag or a commit, and :<folder> if the project was elsewhere then. Default: the target of the pull request, or the main branch.",
        },
      },
    },
    async () => (await import("./breaking/index.ts")).breaking,
  ),
  ...changeCommands,
  ...callCommands,
  defineCommand(
    {
      name: "mock",
      about: "Serve example responses to every RPC of the protos, or those of stub files.",
      flags: {
        proto: {
          type: "string",
          multiple: true,
          value: "<path>",
          about:
            "A .proto file, a folder of them or a descriptor set. Default: those of the project.",
        },
        "import-path": importPathFlag,
        address: {
          type: "string",
          value: "<host:port>",
          about: "Address to listen on. Default: 127.0.0.1:50051.",
        },
        stubs: {
          type: "string",
          value: "<dir>",
          about: "Folder with stub files, YAML or JSON. Default: mocks.",
        },
        seed: {
          type: "string",
          value: "<text>",
          about: "Other values; the same seed gives the same ones. Default: 1.",
        },
        latency: {
          type: "string",
          value: "<time>",
          about: "Delay of every response, such as 50ms or 20ms..100ms.",
        },
        fail: {
          type: "string",
          multiple: true,
          value: "<status>",
          about: "Share of calls that fail, such as UNAVAILABLE:5%.",
        },
        record: {
          type: "string",
          value: "<host:port>",
          about: "Pass calls on to a server, and write its responses into stub files.",
        },
      },
    },
    async () => (await import("./mock/index.ts")).mock,
  ),
];

/** What completion scripts run. */
const complete: Command = {
  name: "complete",
  about: "Print the candidates for the last of the words.",
  flags: {},
  internal: true,
  async run(args, host) {
    const { printCandidates } = await import("./call/completion/complete.ts");
    return printCandidates(args.slice(1), commands, host);
  },
};

const interrupted = 130;

/**
 * Runs the command line of `grpc-service` and returns the exit code: 0 done, 1 failed or a bug, 2 wrong
 * usage or input, 130 interrupted. A command may have codes of its own.
 */
export async function main(args: readonly string[], host: StreamHost): Promise<number> {
  try {
    return await runCommand(args, host);
  } catch (error) {
    const code = reportError(error, "grpc-service", host);
    const command = commands.find(({ name }) => name === args[0]);
    return code === interrupted ? code : (command?.failureCode ?? code);
  }
}

async function runCommand([first, ...rest]: readonly string[], host: StreamHost): Promise<number> {
  if (first === undefined) {
    host.note(programHelp(commands));
    return 2;
  }
  if (isHelp(first)) {
    host.print(programHelp(commands));
    return 0;
  }
  if (first === "--version" || first === "-v") {
    const { packageVersion } = await import("../package-root.ts");
    host.print(`${packageVersion()}\n`);
    return 0;
  }
  const command = [...commands, complete].find(({ name }) => name === first);
  if (command === undefined) throw unknown(first);
  if (command.internal !== true && rest.some(isHelp)) {
    host.print(commandHelp(command));
    return 0;
  }
  if (command.runsInOwnCopy === true) {
    const { runInOwnCopy } = await import("./project/run-own-copy.ts");
    const code = await runInOwnCopy([first, ...rest], host);
    if (code !== undefined) return code;
  }
  return command.run(rest, host);
}

function isHelp(argument: string): boolean {
  return argument === "--help" || argument === "-h";
}

function unknown(word: string): UsageError {
  const isFlag = word.startsWith("-");
  const known = isFlag ? ["--help", "--version"] : commands.map(({ name }) => name);
  const near = nearest(word, known);
  const hint = near === undefined ? "see grpc-service --help" : `did you mean ${near}?`;
  return new UsageError(`unknown ${isFlag ? "flag" : "command"} "${word}"; ${hint}`);
}
