// @module-tag python3-grpcio

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { echoCall, echoHandlers, serveEcho } from "../support/echo-server.ts";
import { serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

describe.each(serverKinds)("a Python client of $name", (kind) => {
  const client = usePythonClient();

  test("unary", async () => {
    const port = await serveEcho(kind, echoHandlers);
    const request = { text: "홍길동 😈", number: -7, data: "AP8=" };
    expect(await client.call(echoCall(port, "Unary", { requests: [request] }))).toEqual({
      code: "OK",
      details: "",
      header: [],
      trailer: [],
      status: null,
      responses: [request],
    });
  });

  test("server streaming", async () => {
    const port = await serveEcho(kind, echoHandlers);
    const requests = [{ text: "a", number: 100 }];
    const { code, responses } = await client.call(echoCall(port, "ServerStream", { requests }));
    expect(code).toBe("OK");
    expect(responses).toHaveLength(100);
    expect(responses.at(-1)).toEqual({ text: "a", number: 99 });
  });

  test("a stream of nothing", async () => {
    const port = await serveEcho(kind, echoHandlers);
    const { code, responses } = await client.call(echoCall(port, "ServerStream"));
    expect({ code, responses }).toEqual({ code: "OK", responses: [] });
  });

  test.each([0, 1, 100])("client streaming with %i requests", async (count) => {
    const port = await serveEcho(kind, echoHandlers);
    const requests = Array.from({ length: count }, () => ({ text: "a", number: 2 }));
    const { code, responses } = await client.call(echoCall(port, "ClientStream", { requests }));
    const text = Array.from({ length: count }, () => "a").join(" ");
    const reply = count === 0 ? {} : { text, number: 2 * count };
    expect({ code, responses }).toEqual({ code: "OK", responses: [reply] });
  });

  test.each([0, 1, 100])("bidirectional with %i requests", async (count) => {
    const port = await serveEcho(kind, echoHandlers);
    const requests = Array.from({ length: count }, (_, index) => ({ number: index + 1 }));
    const { code, responses } = await client.call(echoCall(port, "Bidi", { requests }));
    expect({ code, responses }).toEqual({ code: "OK", responses: requests });
  });

  test.each(["NoCompression", "Gzip", "Deflate"] as const)(
    "large messages, sent with %s",
    async (compression) => {
      const port = await serveEcho(kind, echoHandlers);
      const data = Buffer.concat([randomBytes(1024 * 1024), Buffer.alloc(2 * 1024 * 1024)]);
      const requests = [{ data: data.toString("base64") }, { text: "small" }, { number: 1 }];
      for (const [method, count] of [
        ["Unary", 1],
        ["Bidi", 3],
      ] as const) {
        const sent = requests.slice(0, count);
        const outcome = await client.call(echoCall(port, method, { requests: sent, compression }));
        expect(outcome.code).toBe("OK");
        expect(outcome.responses).toEqual(sent);
      }
    },
  );

  test("a message over the limit is RESOURCE_EXHAUSTED", async () => {
    const port = await serveEcho(kind, echoHandlers);
    const requests = [{ data: Buffer.alloc(4 * 1024 * 1024).toString("base64") }];
    for (const compression of ["NoCompression", "Gzip"] as const) {
      const { code } = await client.call(echoCall(port, "Unary", { requests, compression }));
      expect(code).toBe("RESOURCE_EXHAUSTED");
    }
  });
});
