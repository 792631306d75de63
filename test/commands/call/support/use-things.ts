import { Readable } from "node:stream";
import { afterAll, beforeAll } from "vitest";
import { temporaryFolder } from "../../../scaffold/support.ts";
import { runCommand } from "../../support/run-command.ts";
import { startThings, type ThingsServer } from "./start-things.ts";

/** Serves things to the tests of a file, which call them from a folder of their own. */
export function useThings() {
  let server: ThingsServer;
  let cwd: string;
  beforeAll(async () => {
    server = await startThings();
    cwd = await temporaryFolder();
  });
  afterAll(() => server.stop());
  return {
    server: () => server,
    cwd: () => cwd,
    call: (...args: string[]) => runCommand(["call", server.address, ...args], { cwd }),
    /** With these bytes on standard input. */
    callWith: (input: string | Buffer, ...args: string[]) =>
      runCommand(["call", server.address, ...args], {
        cwd,
        input: Readable.from([Buffer.from(input)]),
      }),
  };
}
