// @module-tag python3-grpcio

import { beforeAll, describe, expect, test } from "vitest";
import type { CallOptions } from "../../../runtime/src/client/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import type { EchoClient } from "../../runtime/gen/echo_client.ts";
import { collect } from "../../runtime/support/echo.ts";
import { asked, echoClient } from "../support/echo-client.ts";
import { usePythonServer } from "../support/use-python.ts";

/** A stream of requests that stays open. */
async function* openEnded(): AsyncIterable<{ text: string }> {
  yield { text: "first" };
  await new Promise(() => {});
}

const patterns: [string, (client: EchoClient, options: CallOptions) => Promise<unknown>][] = [
  ["unary", (client, options) => client.unary({}, options)],
  ["server streaming", (client, options) => collect(client.serverStream({}, options))],
  ["client streaming", (client, options) => client.clientStream(openEnded(), options)],
  ["bidirectional", (client, options) => collect(client.bidi(openEnded(), options))],
];

/** Whatever a call fails with, at once: so that nothing is missed while something else is awaited. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "OK";
  } catch (error) {
    return GrpcError.from(error).code;
  }
}

describe("a generated client of a Python server", () => {
  const server = usePythonServer();
  let address: string;
  beforeAll(async () => {
    address = `127.0.0.1:${await server().start()}`;
  });

  test("its deadline is the server's", async () => {
    const options = { metadata: asked("tell-remaining"), timeoutMs: 60_000 };
    const { number } = await echoClient(address).unary({}, options);
    expect(number).toBeGreaterThan(50_000);
    expect(number).toBeLessThanOrEqual(60_100);
  });

  test("so is the default one, and there can be none", async () => {
    const client = echoClient(address, { unaryTimeoutMs: 30_000 });
    const metadata = asked("tell-remaining");
    const byDefault = await client.unary({}, { metadata });
    expect(byDefault.number).toBeGreaterThan(20_000);
    expect(byDefault.number).toBeLessThanOrEqual(30_100);
    const ages = 1_000_000_000;
    expect((await client.unary({}, { metadata, timeoutMs: 0 })).number).toBe(ages);
    // More milliseconds than 32 bits can count.
    expect((await client.unary({}, { metadata, timeoutMs: 2 ** 33 })).number).toBe(ages);
  });

  test.each(patterns)("the deadline of a %s call ends it on both sides", async (_, call) => {
    // The connection is there, so the call reaches the server on a busy machine, too.
    const client = echoClient(address);
    await client.waitForReady(60_000);
    const options = { metadata: asked("wait"), timeoutMs: 500 };
    expect(await codeOf(call(client, options))).toBe("DEADLINE_EXCEEDED");
    expect(await server().event()).toBe("waiting");
    expect(await server().event()).toBe("over");
  });

  test.each(patterns)("cancelling a %s call is told to the server", async (_, call) => {
    const controller = new AbortController();
    const options = { metadata: asked("wait"), signal: controller.signal };
    const code = codeOf(call(echoClient(address), options));
    expect(await server().event()).toBe("waiting");
    controller.abort();
    expect(await code).toBe("CANCELLED");
    expect(await server().event()).toBe("over");
  });

  test("leaving a stream early cancels it", async () => {
    const replies = echoClient(address).serverStream(
      { number: 3 },
      { metadata: asked("wait-at-end") },
    );
    for await (const { number } of replies) {
      if (number !== 1) continue;
      // Only then, or it may end before it waits, and say nothing of it.
      expect(await server().event()).toBe("waiting");
      break;
    }
    expect(await server().event()).toBe("over");
  });
});
