import { Readable, Writable } from "node:stream";
import { main } from "../../../src/commands/main.ts";
import type { StreamHost } from "../../../src/terminal/host.ts";
import type { Outcome } from "../../scaffold/support.ts";
import { environment } from "./project.ts";

/** Runs the command line of `grpc-service` in this process: everything but bin.ts. */
export async function runCommand(
  args: readonly string[],
  host: Partial<StreamHost> & Pick<StreamHost, "cwd">,
): Promise<Outcome> {
  let output = "";
  let notes = "";
  const code = await main(args, {
    env: environment,
    interactive: false,
    columns: 80,
    signal: new AbortController().signal,
    input: Readable.from([]),
    inputIsTerminal: false,
    outputIsTerminal: false,
    output: new Writable({
      write(chunk, _encoding, done) {
        output += chunk;
        done();
      },
    }),
    print: (text) => {
      output += text;
    },
    note: (text) => {
      notes += text;
    },
    ...host,
  });
  return { code, output, notes };
}
