import { describe, expect, test } from "vitest";
import { connect, failure } from "../support/echo.ts";
import { paths } from "./support/calls.ts";
import { startRogue } from "./support/rogue-server.ts";

const reply = { $typeName: "runtime.test.EchoReply", text: "r", number: 0, data: new Uint8Array() };
const ok = { code: 0, details: "" };

describe.each(paths)("responses, $name", ({ options }) => {
  test.each(["unary", "clientStream"])("%s: two responses", async (kind) => {
    const address = await startRogue((call) => {
      call.sendMessage(reply, () => call.sendMessage(reply, () => call.sendStatus(ok)));
    });
    const client = connect(address, options);
    const call = kind === "unary" ? client.unary({}) : client.clientStream([]);
    expect(await failure(call)).toMatchObject({
      code: "UNIMPLEMENTED",
      rawMessage: "the server sent more than one response",
    });
  });

  test.each(["unary", "clientStream"])("%s: no response", async (kind) => {
    const client = connect(await startRogue((call) => call.sendStatus(ok)), options);
    const call = kind === "unary" ? client.unary({}) : client.clientStream([]);
    expect(await failure(call)).toMatchObject({
      code: "UNIMPLEMENTED",
      rawMessage: "the server sent no response",
    });
  });

  test("unary: a response and a failure", async () => {
    const address = await startRogue((call) =>
      call.sendMessage(reply, () => call.sendStatus({ code: 10, details: "no" })),
    );
    const call = connect(address, options).unary({});
    expect(await failure(call)).toMatchObject({ code: "ABORTED", rawMessage: "no" });
  });

  test("undefined codes are UNKNOWN", async () => {
    const address = await startRogue((call) => call.sendStatus({ ...ok, code: Number("77") }));
    expect(await failure(connect(address, options).unary({}))).toMatchObject({ code: "UNKNOWN" });
  });
});
