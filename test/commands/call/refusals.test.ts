import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { startThings, type ThingsServer } from "./support/start-things.ts";

let server: ThingsServer;
let cwd: string;
beforeAll(async () => {
  server = await startThings();
  cwd = await temporaryFolder();
});
afterAll(() => server.stop());

const call = (...args: string[]) => runCommand(["call", server.address, ...args], { cwd });

/** With these bytes on standard input. */
const callWith = (input: string | Buffer, ...args: string[]) =>
  runCommand(["call", server.address, ...args], {
    cwd,
    input: Readable.from([Buffer.from(input)]),
  });

describe("refuses in one line, with exit code 64", () => {
  test.each([
    [[], "which method? grpc-service list shows the services and --methods theirs"],
    [["Ecoh"], `unknown method Ecoh in server reflection of ADDRESS; did you mean Echo?`],
    [["Things/Ecoh"], "unknown method Ecoh of call.test.Things; did you mean Echo?"],
    [
      ["Thing/Echo"],
      "unknown service Thing in server reflection of ADDRESS; did you mean call.test.Things?",
    ],
    [
      ["Things/Echo", '{"nmae":"x"}'],
      'the request: cannot decode message call.test.Thing from JSON: key "nmae" is unknown; did you mean "name"?',
    ],
    [["Things/Echo", "{}{}"], "Echo takes one request, not several"],
    [["Things/Echo", "{}", "-d", "{}"], "give the request as an argument or by --data, not both"],
    [["Things/Echo", "@gone.json"], "@gone.json: no such file or folder"],
    [["Things/Echo", "--file", "data=gone.bin"], "--file gone.bin: no such file or folder"],
    [["Things/Echo", "--file", "data"], '--file must be field=path, not "data"'],
    [["Things/Echo", "--file", "name=x"], "--file name: the field must be of type bytes"],
    [
      ["Things/Echo", "--file", "dat=x"],
      "--file: call.test.Thing has no field dat; did you mean data?",
    ],
    [
      ["Things/Echo", "{}", "--field", "nam"],
      "--field: call.test.Thing has no field nam; did you mean name?",
    ],
    [["Things/Echo", "{}", "--raw"], "--raw needs --field"],
    [
      ["Things/Echo", "{}", "--timeout", "soon"],
      '--timeout must be a time such as 500ms, 2s or 1m, not "soon"',
    ],
    [
      ["Things/Echo", "{}", "--chunk-size", "0"],
      '--chunk-size must be a size such as 64KiB or 4MiB, up to 1GiB, not "0"',
    ],
    [
      ["Things/Echo", "{}", "--max-messages", "0"],
      '--max-messages must be a whole number from 1, not "0"',
    ],
    [
      ["Things/Echo", "{}", "--error-format", "xml"],
      '--error-format must be text or json, not "xml"',
    ],
    [["Things/Echo", "{}", "-H", "x"], '-H must be "name: value", not "x"'],
    [["Things/Echo", "{}", "-H", "te: x"], '-H "te: x": metadata key "te" is reserved'],
    [["Things/Echo", "{}", "-H", "a-bin: ."], "-H a-bin: the value of a -bin entry must be base64"],
    [["Things/Echo", "{}", "--token", "a b"], "--token must be one word of ASCII"],
    [
      ["Things/Echo", "{}", "--plaintext", "--cacert", "x"],
      "--plaintext and --cacert exclude each other",
    ],
    [["Things/Echo", "{}", "--cert", "x"], "--cert and --key belong together: give both"],
    [
      ["Things/Echo", "{}", "--tls", "--cacert", "gone.pem"],
      "CWD/gone.pem: no such file or folder",
    ],
    [["Things/Echo", "{}", "-I", "."], "-I needs --proto"],
    [["Things/Echo", "{}", "x"], 'unexpected argument "x"; see grpc-service call --help'],
    [
      ["Things/Echo", "{}", "--zzzzzzzz"],
      'unknown flag "--zzzzzzzz"; see grpc-service call --help',
    ],
  ])("%j", async (args, message) => {
    const { code, output, notes } = await call(...args);
    const line = message.replace("ADDRESS", server.address).replace("CWD", join(cwd));
    expect({ code, output, notes }).toEqual({
      code: 64,
      output: "",
      notes: `grpc-service: ${line}\n`,
    });
  });

  test("JSON that is not complete", async () => {
    const { code, notes } = await call("Things/Echo", '{"id":');
    expect(code).toBe(64);
    // The rest is what Node.js says.
    expect(notes).toMatch(
      /^grpc-service: the request: cannot decode message call\.test\.Thing .*\n$/,
    );
  });

  test("several methods with one name", async () => {
    const { code, notes } = await call("Echo", "{}");
    expect(code).toBe(64);
    expect(notes).toBe(
      "grpc-service: several methods end with Echo; give more of the name:\n" +
        "  call.test.Other/Echo\n  call.test.Things/Echo\n",
    );
  });

  test("invalid requests in the middle of a stream, with their line", async () => {
    const { code, notes } = await callWith('{"content":"a"}\n{"content":1}\n', "Chat");
    expect(code).toBe(64);
    expect(notes).toMatch(
      /^grpc-service: standard input, line 2: cannot decode field call\.test\.Line\.content/,
    );
  });
});
