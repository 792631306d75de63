import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EchoClient } from "../gen/echo_client.ts";
import { connect } from "../support/echo.ts";
import { launchProcess, type ServerProcess } from "./server-process.ts";

const seconds = Number(process.env.STREAM_LIMIT_SECONDS ?? 2);

/** Lets many callers call at once, some of whom cancel. @returns how many calls had each outcome */
async function outcomes(
  client: EchoClient,
  callers: number,
  cancelling: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const end = performance.now() + seconds * 1_000;
  const call = async (caller: number) => {
    const cancels = caller < cancelling;
    const signal = cancels ? AbortSignal.timeout(5) : new AbortController().signal;
    const outcome = await client.unary({ number: cancels ? 200 : 2 }, { signal }).then(
      () => "OK",
      (error: unknown) => (cancels ? "cancelled" : String(error)),
    );
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < end) await call(caller);
    }),
  );
  return counts;
}

// From Node 22 on, a reset and the next call in one packet went beyond the limit (nice-grpc#762).
describe.each(["own", "plain"] as const)("%s server", { timeout: 120_000 }, (kind) => {
  let server: ServerProcess;

  beforeAll(async () => {
    // A machine that is slow enough is overloaded, which is not what this is about.
    server = await launchProcess({ kind, limits: { maxWaitMs: 0 } });
  });
  afterAll(() => server.kill("SIGKILL"));

  test.each([
    [150, 2],
    [150, 45],
    [1_000, 300],
  ])(
    "of %i callers on one connection %i cancel, and no call of others fails",
    async (callers, cancelling) => {
      const client = connect(server.address, { resilience: { retry: false } });
      const counts = await outcomes(client, callers, cancelling);
      expect(Object.keys(counts).sort()).toEqual(["OK", "cancelled"]);
    },
  );
});
