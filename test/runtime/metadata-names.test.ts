import { describe, expect, test } from "vitest";
import type { CallContext } from "../../runtime/src/index.ts";
import { drivers } from "./support/drivers.ts";
import { startEcho } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

describe.each(drivers)("names of JavaScript as keys of metadata, $name", (driver) => {
  test.each(["constructor", "tostring", "valueof"])("%s", async (key) => {
    const received: unknown[] = [];
    const echo = async (_request: unknown, context: CallContext) => {
      received.push(context.metadata.get(key));
      context.setHeader(key, "header");
      context.setTrailer(key, "trailer");
      return {};
    };
    const { port } = await startEcho({ handlers: { unary: echo } }, driver);
    const call = rawCall(port, "/runtime.test.Echo/Unary", { headers: { [key]: "request" } });
    call.send(new Uint8Array());
    call.end();
    const { headers, trailers } = await call.outcome;
    expect(received).toEqual([["request"]]);
    expect(Object.entries(headers)).toContainEqual([key, "header"]);
    expect(Object.entries(trailers)).toContainEqual([key, "trailer"]);
  });
});
