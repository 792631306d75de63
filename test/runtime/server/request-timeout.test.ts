import { describe, expect, test } from "vitest";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { connect } from "../support/echo.ts";
import { own } from "../support/kinds.ts";
import { rawCall } from "../support/raw-call.ts";

describe("the time for a request", () => {
  const limits = { requestTimeoutMs: 400 };
  const handlers: Partial<EchoHandlers> = {
    unary: async () => ({}),
    serverStream: async function* () {
      yield {};
    },
    bidi: async function* (requests) {
      for await (const _request of requests) yield {};
    },
  };

  test.each(["Unary", "ServerStream"])("%s: what does not arrive ends the call", async (method) => {
    const port = await own.listen(handlers, limits);
    for (const begin of [[], [0, 0], [0, 0, 0, 0, 9, 1, 2]]) {
      const before = performance.now();
      const call = rawCall(port, `/runtime.test.Echo/${method}`);
      call.raw(Buffer.from(begin));
      const headers = await call.headers;
      expect(headers["grpc-status"]).toBe("4");
      const took = performance.now() - before;
      expect(took).toBeGreaterThan(350);
      expect(took).toBeLessThan(10_000);
    }
  });

  test("a request without END_STREAM ends the call at the limit", async () => {
    const port = await own.listen(handlers, limits);
    const call = rawCall(port, "/runtime.test.Echo/Unary");
    call.send(Buffer.alloc(0));
    expect((await call.headers)["grpc-status"]).toBe("4");
  });

  test("slow handlers and idle streams are not limited", async () => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));
    const slow = async () => {
      await pause();
      return {};
    };
    const port = await own.listen({ ...handlers, unary: slow }, limits);
    const client = connect(`127.0.0.1:${port}`);
    async function* hesitant() {
      yield {};
      await pause();
      yield {};
    }
    const stream = client.bidi(hesitant());
    await client.unary({});
    let count = 0;
    for await (const _reply of stream) count += 1;
    expect(count).toBe(2);
  });
});
