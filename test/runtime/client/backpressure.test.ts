import { describe, expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { startEcho } from "../support/echo.ts";
import { startRawServer } from "./support/raw-server.ts";

interface Report {
  /** Bytes of resident memory above those before, after a garbage collection. */
  readonly growth: number;
  /** The same at its height, with all the garbage. */
  readonly peakGrowth: number;
  /** Messages read or yielded. */
  readonly moved: number;
  readonly longestCallMs: number;
}

const limitBytes = 32 * 1024 * 1024;

async function run(mode: string, address: string): Promise<Report> {
  const quiet = await startEcho({ handlers: { unary: async () => ({}) } });
  const settings = [mode, address, quiet.address, String(limitBytes)];
  // The child says nothing else.
  return (await startChild(
    new URL("./processes/flooded-client.ts", import.meta.url),
    ...settings,
  ).next()) as Report;
}

function expectGrowth({ growth, peakGrowth }: Report): void {
  expect(growth).toBeLessThan(limitBytes);
  expect(peakGrowth).toBeLessThan(4 * limitBytes);
}

const message = { data: new Uint8Array(1024) };

describe("a server that floods", () => {
  test.each(["reads slowly", "bidi, reads slowly", "bidi, never reads"])(
    "a client that %s: grows by at most 32 MB",
    { timeout: 120_000 },
    async (mode) => {
      async function* flood() {
        for (;;) yield message;
      }
      const { address } = await startEcho({ handlers: { serverStream: flood, bidi: flood } });
      const report = await run(mode, address);
      expect(report.moved).toBeGreaterThan(50);
      expectGrowth(report);
    },
  );
});

describe("a server that does not read", () => {
  test.each([
    "sends without an end",
    "sends tiny messages without an end",
    "bidi, sends without an end",
  ])(
    "a client that %s: grows by at most 32 MB, and its other calls go on",
    { timeout: 120_000 },
    async (mode) => {
      // Never widens the window, and says nothing.
      const port = await startRawServer({ onCall: () => {} });
      const report = await run(mode, `127.0.0.1:${port}`);
      expect(report.moved).toBeGreaterThan(50);
      expectGrowth(report);
      // Nothing holds up the event loop; what is on top is for a busy machine.
      expect(report.longestCallMs).toBeLessThan(2_500);
    },
  );
});
