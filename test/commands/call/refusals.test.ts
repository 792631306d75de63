import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { useThings } from "./support/use-things.ts";

const { call, callWith, cwd, server } = useThings();

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
      "the request: nmae: call.test.Thing has no such field; did you mean name?",
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
    [["Things/Echo", "{}", "--field", "name[0]"], "--field name[0]: name is not a list"],
    [["Things/Echo", "{}", "--field", "id.x"], "--field id.x: id has no fields"],
    [
      ["Things/Echo", "{}", "--field", "parts[0].nam"],
      "--field: call.test.Thing has no field nam; did you mean name?",
    ],
    [["Things/Echo", "{}", "--field", "counts.a.b"], "--field counts.a.b: counts has no fields"],
    [
      ["Things/Echo", "{}", "--field", "at.seconds"],
      "--field at.seconds: google.protobuf.Timestamp is one value in JSON",
    ],
    [
      ["Things/Echo", "{}", "--field", "parts["],
      '--field must be a path such as user.tags[0] or labels["a.b"], not "parts["',
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
      ["Things/Echo", "{}", "--token", "x", "--anonymous"],
      "--token and --anonymous exclude each other",
    ],
    [
      ["Things/Echo", "{}", "--token", "x", "-H", "Authorization: y"],
      "--token and -H authorization exclude each other",
    ],
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
    [["a.proto", "Echo"], 'unexpected argument "a.proto"; give it as --proto a.proto'],
    [
      ["Things/Echo", "{}", "--zzzzzzzz"],
      'unknown flag "--zzzzzzzz"; see grpc-service call --help',
    ],
  ])("%j", async (args, message) => {
    const { code, output, notes } = await call(...args);
    const line = message.replace("ADDRESS", server().address).replace("CWD", join(cwd()));
    expect({ code, output, notes }).toEqual({
      code: 64,
      output: "",
      notes: `grpc-service: ${line}\n`,
    });
  });

  test.skipIf(process.platform === "win32").each([
    [["--token", "@/dev/zero"], "--token @/dev/zero: it is not a file"],
    [["-H", "@/dev/zero"], "-H @/dev/zero: it is not a file"],
    [["--tls", "--cacert", "/dev/zero"], "/dev/zero: it is not a file"],
    [["--token", "@/"], "--token @/: it is a folder"],
  ])("%j, which would be read without end", async (flags, message) => {
    const { code, notes } = await call("Things/Echo", "{}", ...flags);
    expect({ code, notes }).toEqual({ code: 64, notes: `grpc-service: ${message}\n` });
  });

  test.each([
    ["call", "Things/Echo", "{}"],
    ["list", "Things"],
    ["describe", "Things"],
  ])("a proto in the place of the address of %s", async (command, ...rest) => {
    const message = 'unexpected argument "./a.proto"; give it as --proto ./a.proto';
    expect(await runCommand([command, "./a.proto", ...rest], { cwd: cwd() })).toEqual({
      code: 64,
      output: "",
      notes: `grpc-service: ${message}\n`,
    });
  });

  test("JSON that is not complete", async () => {
    const { code, notes } = await call("Things/Echo", '{"id":');
    expect(code).toBe(64);
    // The rest is what Node.js says.
    expect(notes).toMatch(/^grpc-service: the request: not JSON: .*\n$/);
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
      /^grpc-service: standard input, line 2: content: expected string, got 1\n$/,
    );
  });

  test.each([
    ['{"id":"one"}', 'id: expected int64, got "one"'],
    [
      '{"color":"COLOR_RD"}',
      'color: "COLOR_RD" is not a value of call.test.Color; did you mean COLOR_RED?',
    ],
    [
      '{"color":"mauve-ish"}',
      'color: "mauve-ish" is not a value of call.test.Color; it has COLOR_UNSPECIFIED, COLOR_RED',
    ],
    ['{"parts":[{},{"parts":[{"name":7}]}]}', "parts[1].parts[0].name: expected string, got 7"],
    ['{"parts":{}}', "parts: expected a list"],
    ['{"parts":[1]}', "parts[0]: expected an object with the fields of call.test.Thing"],
    ['{"counts":{"a":1,"b.c":"x"}}', 'counts["b.c"]: expected int64, got "x"'],
    ['{"data":"no base64!"}', 'data: expected bytes in base64, got "no base64!"'],
    ['{"at":"noon"}', 'at: expected a time such as "2026-01-31T12:00:00Z", got "noon"'],
    [
      '{"parts":[{"nmae":1}]}',
      "parts[0].nmae: call.test.Thing has no such field; did you mean name?",
    ],
    ["[]", "expected an object with the fields of call.test.Thing"],
  ])("%s, with the path of the field", async (json, problem) => {
    const { code, notes } = await call("Things/Echo", json);
    expect({ code, notes }).toEqual({ code: 64, notes: `grpc-service: the request: ${problem}\n` });
  });

  test("JSON that is nested without end", async () => {
    const json = `${'{"parts":['.repeat(5_000)}${"]}".repeat(5_000)}`;
    const { code, notes } = await callWith(json, "Things/Echo");
    expect({ code, notes }).toEqual({
      code: 64,
      notes: expect.stringMatching(/^grpc-service: standard input: parts\[0\].* in each other\n$/),
    });
  });

  test.each([
    [["[::1]", "a.B/C"], "[::1] is not an address: the port is missing, as in [::1]:50051"],
    [
      ["::1:50051", "a.B/C"],
      "::1:50051 is not an address: write an IPv6 address in brackets, such as [::1]:50051",
    ],
    [["host:", "a.B/C"], "host is not an address: the port is missing, as in host:50051"],
    [["host", "a.B/C"], "host is not an address: the port is missing, as in host:50051"],
    [["host:abc", "a.B/C"], "host:abc is not an address: the port must be a number, not abc"],
    [["host:65536", "a.B/C"], "host:65536 is not an address: the port must be from 1 to 65535"],
    [["[x]:1", "a.B/C"], "[x]:1 is not an address: x is not an IPv6 address"],
    [
      ["https://host:abc", "a.B/C"],
      "host:abc is not an address: the port must be a number, not abc",
    ],
    [["https:///a.B/C"], "https:///a.B/C is not an address: the host is missing"],
    [
      ["grpc://host:1", "a.B/C"],
      "grpc://host:1 is not an address: a URL starts with https:// or, for plain text, http://",
    ],
    [["https://host:1", "a.B/C", "--plaintext"], "--plaintext and https:// exclude each other"],
    [["http://host:1", "a.B/C", "--tls"], "--tls and http:// exclude each other; write https://"],
    [
      ["http://host:1", "a.B/C", "--insecure"],
      "--insecure and http:// exclude each other; write https://",
    ],
  ])("%j is no address, or contradicts itself", async (args, message) => {
    const { code, notes } = await runCommand(["call", ...args], { cwd: cwd() });
    expect({ code, notes }).toEqual({ code: 64, notes: `grpc-service: ${message}\n` });
  });
});
