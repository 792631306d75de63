import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorDetail } from "../../../runtime/src/error-details.ts";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import { serverReflectionDefinition } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_grpc.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { runCommand } from "../support/run-command.ts";
import { otherDefinition } from "./gen/things_grpc.ts";
import { ThingSchema } from "./gen/things_pb.ts";
import { reflected } from "./support/reflected.ts";

const cwd = `${packageRoot()}/test/commands/call/proto`;

/** Calls a server that answers like this. */
async function answered(
  answer: MessageInitShape<typeof ThingSchema> | GrpcError,
  flags: readonly string[],
  outputIsTerminal = false,
) {
  const echo = async () => {
    if (answer instanceof GrpcError) throw answer;
    return create(ThingSchema, answer);
  };
  const server = await startTestServer([implement(otherDefinition, { echo })]);
  onTestFinished(() => server.close());
  const args = ["call", server.address, "Other/Echo", "{}", "--proto", "things.proto"];
  return runCommand([...args, ...flags], { cwd, outputIsTerminal });
}

const late = { at: create(TimestampSchema, { seconds: 10n ** 17n }) };
const lateJson = '{"at":{"seconds":"100000000000000000"}}';
const hidden = { typeUrl: "t/no.Such", value: Buffer.of(0) };

describe("what JSON of protobuf has no form for is printed", () => {
  test("in responses", async () => {
    const printed = { code: 0, notes: "", output: `${lateJson}\n` };
    expect(await answered(late, [])).toEqual(printed);
    expect(await answered({ parts: [late] }, ["--field", "parts[0].at"])).toMatchObject({
      code: 0,
      output: '{"seconds":"100000000000000000","nanos":0}\n',
    });
    const inner = anyPack(ThingSchema, create(ThingSchema, { extra: hidden }));
    expect(await answered({ extra: inner }, [])).toMatchObject({
      code: 0,
      output: `{"extra":{"@type":"${inner.typeUrl}","extra":{"@type":"t/no.Such","@value":"AA=="}}}\n`,
    });
  });

  test("in the details of a status, as text and as JSON", async () => {
    const details = [errorDetail(ThingSchema, late), errorDetail(ThingSchema, { extra: hidden })];
    const failure = new GrpcError("ABORTED", "no", { details });
    const extra = '"extra":{"@type":"t/no.Such","@value":"AA=="}';
    expect(await answered(failure, [])).toEqual({
      code: 10,
      output: "",
      notes: `ABORTED (10): no\n  call.test.Thing ${lateJson}\n  call.test.Thing {${extra}}\n`,
    });
    const { code, notes } = await answered(failure, ["--error-format", "json"]);
    expect({ code, status: JSON.parse(notes) }).toMatchObject({
      code: 10,
      status: { code: "ABORTED", details: [JSON.parse(lateJson), JSON.parse(`{${extra}}`)] },
    });
  });
});

describe("texts of a server do not control the terminal", () => {
  const name = "\u001b]0;title\u0007\u009b31m\u007f\u202e\r\nx";

  test("as JSON", async () => {
    const { output } = await answered({ name }, []);
    expect(output).toMatch(/^[ -~]*\n$/);
    expect(JSON.parse(output)).toEqual({ name });
    const status = await answered(new GrpcError("ABORTED", name), ["--error-format", "json"]);
    expect(status.notes).toMatch(/^[ -~]*\n$/);
    expect(JSON.parse(status.notes)).toMatchObject({ message: name });
  });

  test("as they are only if the output is not a terminal", async () => {
    const flags = ["--field", "name", "--raw"];
    expect((await answered({ name }, flags)).output).toBe(name);
    const shown = await answered({ name }, flags, true);
    expect(shown.output).toBe("\ufffd]0;title\ufffd\ufffd31m\ufffd\ufffd\r\nx");
    const data = Buffer.from(`독서 ${name}`);
    const bytes = await answered({ data }, ["--field", "data", "--raw"], true);
    expect(bytes.output).toBe(`독서 ${shown.output}`);
  });

  test("service names that no proto can have are neither listed nor completed", async () => {
    const names = [name, "a.$(touch x)", "`x`", "-rf", "--help", "", "a..b", "two words", ".a"];
    const server = await startTestServer([
      implement(serverReflectionDefinition, {
        serverReflectionInfo: reflected({
          ...Object.fromEntries(names.map((n) => [n, []])),
          "a.S": [],
        }),
      }),
    ]);
    onTestFinished(() => server.close());
    const listed = { code: 0, output: "a.S\n", notes: "" };
    expect(await runCommand(["list", server.address], { cwd })).toEqual(listed);
    const words = ["list", server.address, ""];
    expect(await runCommand(["complete", "--", ...words], { cwd })).toEqual(listed);
  });
});
