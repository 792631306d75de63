import { type Command, defineCommand } from "../command.ts";
import { callFlags, serverFlags } from "./flags.ts";

/** Exit code when no call was made. gRPC's status codes end at 16. */
const notCalled = 64;

const address = {
  name: "address",
  about: "host:port, unix:path or a URL. Default: the project's server, or localhost:50051.",
};

const notes = `In a project, the descriptors are those of proto/, and in development a token is signed. Elsewhere, the
server is asked for its descriptors (reflection).`;

/** The commands that call a server. */
export const callCommands: readonly Command[] = [
  defineCommand(
    {
      name: "call",
      about: "Call a method with JSON, and print each response as a line of JSON.",
      arguments: [
        address,
        { name: "method", about: "package.Service/Method, or the end of it if that is unique." },
        {
          name: "json",
          about:
            "The request, or several in one argument. @file reads a file. Default: standard input.",
        },
      ],
      flags: callFlags,
      failureCode: notCalled,
      notes: `${notes} Started in a terminal, a method that takes a stream reads
what you type: quit ends the requests, Ctrl-C cancels the call.

Exit codes: the status of the call (0 OK, 1 CANCELLED, ... 16 UNAUTHENTICATED); ${notCalled} wrong usage or
input; 74 standard output cannot be written; 130 interrupted.`,
    },
    async () => (await import("./call.ts")).call,
  ),
  defineCommand(
    {
      name: "list",
      about: "List services, or the methods of one.",
      arguments: [address, { name: "service", about: "List its methods." }],
      flags: {
        methods: { type: "boolean", about: "List the methods of all services." },
        ...serverFlags,
      },
      failureCode: notCalled,
      notes,
    },
    async () => (await import("./list.ts")).list,
  ),
  defineCommand(
    {
      name: "describe",
      about: "Print a service, method or message as proto, with an example request.",
      arguments: [
        address,
        { name: "symbol", about: "A full name, or the end of it. Default: all services." },
      ],
      flags: serverFlags,
      failureCode: notCalled,
      notes,
    },
    async () => (await import("./describe.ts")).describe,
  ),
  defineCommand(
    {
      name: "completion",
      about: "Print the completion of commands, flags, services and methods for a shell.",
      argument: { name: "shell", about: "bash, zsh or fish." },
      flags: {},
      notes: `Load it at the start of your shell:
  bash  source <(grpc-service completion bash)
  zsh   source <(grpc-service completion zsh)
  fish  grpc-service completion fish | source`,
    },
    async () => (await import("./completion/index.ts")).completion,
  ),
];
