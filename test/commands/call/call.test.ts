import { describe, expect, test } from "vitest";
import { freePort } from "../../runtime/support/free-port.ts";
import { writeFiles } from "../../scaffold/support.ts";
import { startSilent } from "../../support/silent-server.ts";
import { runCommand } from "../support/run-command.ts";
import { serveThings } from "./support/serve-things.ts";
import { useThings } from "./support/use-things.ts";

const { server, cwd, call, callWith } = useThings();

describe("responses", () => {
  test("a line of JSON each", async () => {
    const { code, output } = await call("Repeat", '{"count":3,"thing":{"color":"COLOR_RED"}}');
    const line = (id: number) => `{"id":"${id}","color":"COLOR_RED"}\n`;
    expect({ code, output }).toEqual({ code: 0, output: [1, 2, 3].map(line).join("") });
  });

  test("--max-messages cancels the call and succeeds", async () => {
    const run = await call("Hang", '{"id":1}', "--max-messages", "1");
    expect(run).toEqual({ code: 0, output: '{"id":"1"}\n', notes: "" });
    await expect.poll(() => server().cancelled()).toBeGreaterThan(0);
  });

  test("--field prints one field, --raw without quotes and line ends", async () => {
    const thing = '{"id":7,"name":"a\\"b","data":"AAH/","parts":[{"name":"x"},{"name":"y"}]}';
    const field = async (...args: string[]) => (await call("Things/Echo", thing, ...args)).output;
    expect(await field("--field", "name")).toBe('"a\\"b"\n');
    expect(await field("--field", "id")).toBe('"7"\n');
    expect(await field("--field", "parts.name")).toBe('"x"\n"y"\n');
    expect(await field("--field", "name", "--raw")).toBe('a"b');
    expect(await field("--field", "parts.name", "--raw")).toBe("xy");
    expect(await field("--field", "color", "--raw")).toBe("COLOR_UNSPECIFIED\n");
    expect(await field("--field", "id", "--raw")).toBe("7\n");
    const tokens = await callWith(
      '{"content":"a"}{"content":"b"}',
      "Chat",
      "--field=content",
      "--raw",
    );
    expect(tokens.output).toBe("re: are: bbye");
  });

  test("--field leads into lists, maps and Any", async () => {
    const thing = JSON.stringify({
      parts: [{ name: "x", counts: { "a.b": "12345678901234567890".slice(0, 18) } }, { name: "y" }],
      counts: { apples: 3 },
      extra: { "@type": "type.googleapis.com/call.test.Line", content: "hello" },
    });
    const field = async (...args: string[]) => (await call("Things/Echo", thing, ...args)).output;
    expect(await field("--field", "parts[1].name")).toBe('"y"\n');
    expect(await field("--field", "parts.1.name")).toBe('"y"\n');
    expect(await field("--field", "parts[2].name")).toBe("");
    expect(await field("--field", "counts.apples")).toBe('"3"\n');
    expect(await field("--field", 'parts[0].counts["a.b"]', "--raw")).toBe("123456789012345678\n");
    expect(await field("--field", "extra.content", "--raw")).toBe("hello");
    expect(await field("--field", "counts.toString")).toBe("");
  });

  test("--pretty, --emit-defaults, --proto-names", async () => {
    expect((await call("Things/Echo", '{"id":1}', "--pretty")).output).toBe('{\n  "id": "1"\n}\n');
    const { output } = await call("Upload", "{}", "--proto-names");
    expect(JSON.parse(output)).toMatchObject({ success: true, chunks: 1 });
    const all = await call("Things/Echo", "{}", "--emit-defaults");
    expect(JSON.parse(all.output)).toMatchObject({ id: "0", name: "", parts: [], counts: {} });
  });

  test("google.protobuf.Any of a type that nobody knows", async () => {
    const known = { "@type": "type.googleapis.com/call.test.Line", content: "x" };
    const { output } = await call("Things/Echo", JSON.stringify({ extra: known }));
    expect(JSON.parse(output)).toEqual({ extra: known });
    const unknown = await call("Things/Echo", '{"name":"unknown any","parts":[{"id":1}]}');
    const extra = { "@type": "type.googleapis.com/nobody.Knows", "@value": "AAH/" };
    expect(JSON.parse(unknown.output)).toMatchObject({ parts: [{ id: "1" }], extra });
  });
});

describe("a failed call", () => {
  test.each([
    [1, "CANCELLED"],
    [3, "INVALID_ARGUMENT"],
    [16, "UNAUTHENTICATED"],
  ])("exits with its status: %i", async (code, name) => {
    expect(await call("Fail", JSON.stringify({ code, text: "bad\nthing" }))).toEqual({
      code,
      output: "",
      notes: `${name} (${code}): bad thing\n  name: is too short\n  call.test.Thing {"id":"7"}\n`,
    });
  });

  test("prints the status as JSON with --error-format json", async () => {
    const { notes } = await call("Fail", '{"code":5,"text":"gone"}', "--error-format", "json");
    expect(JSON.parse(notes)).toEqual({
      code: "NOT_FOUND",
      message: "gone",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [{ field: "name", description: "is too short" }],
        },
        { "@type": "type.googleapis.com/call.test.Thing", id: "7" },
      ],
    });
  });

  test("--timeout is the deadline", async () => {
    const { code, output, notes } = await call("Hang", "{}", "--timeout", "300ms");
    expect({ code, output }).toEqual({ code: 4, output: "{}\n" });
    expect(notes).toMatch(/^DEADLINE_EXCEEDED \(4\): .*\n$/);
  });

  test("--max-message-size names itself when a response is larger", async () => {
    const request = '{"count":1,"bytes":100000}';
    const { code, notes } = await call("Repeat", request, "--max-message-size", "64KiB");
    expect({ code, notes }).toEqual({
      code: 8,
      notes: expect.stringMatching(
        /^RESOURCE_EXHAUSTED \(8\): .*; --max-message-size sets the limit\n$/,
      ),
    });
  });

  test("without a server", async () => {
    const run = await runCommand(["call", "127.0.0.1:1", "a.B/C", "{}"], { cwd: cwd() });
    expect(run.code).toBe(14);
    expect(run.notes).toMatch(/^UNAVAILABLE \(14\): .*ECONNREFUSED.*\n$/);
  });
});

describe("a connection", () => {
  test("--connect-timeout ends the wait for a server that says nothing", async () => {
    const target = await startSilent();
    const args = ["call", target, "a.B/C", "{}", "--connect-timeout", "300ms"];
    expect(await runCommand(args, { cwd: cwd() })).toEqual({
      code: 14,
      output: "",
      notes: `UNAVAILABLE (14): no connection to ${target} within 0.3 s\n`,
    });
  });

  test("--wait waits for a server that starts later", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const args = ["call", address, "Things/Echo", '{"id":1}', "--wait", "--connect-timeout", "30s"];
    const running = runCommand(args, { cwd: cwd() });
    await serveThings({ address });
    expect(await running).toEqual({ code: 0, output: '{"id":"1"}\n', notes: "" });
  });
});

describe("what is sent along", () => {
  test("-H, --token, --user-agent", async () => {
    await writeFiles(cwd(), { headers: "# comment\nx-file: 1\n\nx-more: 2\n", token: "secret\n" });
    const things = await serveThings();
    const flags = ["-H", "X-Tenant: acme", "-H", "x-bytes-bin: AAH/", "-H", "@headers"];
    const run = (...more: string[]) =>
      runCommand(["call", things.address, "Things/Echo", "{}", ...flags, ...more], { cwd: cwd() });
    await run("--token", "@token", "--user-agent", "me/1");
    const sent = things.calls.at(-1);
    expect(Object.fromEntries(sent ?? [])).toMatchObject({
      "x-tenant": "acme",
      "x-file": "1",
      "x-more": "2",
      authorization: "Bearer secret",
      "user-agent": expect.stringMatching(/^me\/1 /),
    });
    // Reflection got them too.
    expect(things.calls.every((entries) => entries.get("x-tenant") === "acme")).toBe(true);
  });

  test("--reflect-header goes to reflection only", async () => {
    const things = await serveThings();
    const flags = ["--reflect-header", "x-key: 1"];
    await runCommand(["call", things.address, "Things/Echo", "{}", ...flags], { cwd: cwd() });
    const sent = things.calls.map((entries) => entries.get("x-key"));
    expect(sent).toEqual(["1", undefined]);
  });

  test("--verbose shows both sides, without the token", async () => {
    const { notes } = await call("Things/Echo", "{}", "-v", "--token", "secret", "-H", "x-a: b");
    expect(notes).toContain(`* ${server().address} (plain text)\n> call.test.Things/Echo\n`);
    expect(notes).toContain("> x-a: b\n");
    expect(notes).toContain("> authorization: Bearer (6 characters)\n");
    expect(notes).toContain("< x-served-by: things\n");
    expect(notes).toContain("< x-rows: 1\n");
    expect(notes).toMatch(/\* OK after \d+ ms; 1 response, the first after \d+ ms\n$/);
  });
});
