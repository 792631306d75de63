import { describe, expect, test } from "vitest";
import { startEcho } from "../support/echo.ts";
import { startChild } from "./support/child.ts";
import { startRawServer } from "./support/raw-server.ts";

interface Report {
  /** Bytes of resident memory above those before. */
  readonly growth: number;
  /** Messages read or yielded. */
  readonly moved: number;
  readonly longestCallMs: number;
}

async function run(mode: string, address: string): Promise<Report> {
  const quiet = await startEcho({ handlers: { unary: async () => ({}) } });
  // The child says nothing else.
  return (await startChild("flooded-client", mode, address, quiet.address).next()) as Report;
}

const message = { data: new Uint8Array(1024) };

describe("a server that floods", () => {
  test.each(["reads slowly", "bidi, reads slowly", "bidi, never reads"])(
    "a client that %s: grows by at most 32 MB",
    { timeout: 60_000 },
    async (mode) => {
      async function* flood() {
        for (;;) yield message;
      }
      const { address } = await startEcho({ handlers: { serverStream: flood, bidi: flood } });
      const { growth, moved } = await run(mode, address);
      expect(moved).toBeGreaterThan(50);
      expect(growth / 2 ** 20).toBeLessThan(32);
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
    { timeout: 60_000 },
    async (mode) => {
      // Never widens the window, and says nothing.
      const port = await startRawServer({ onCall: () => {} });
      const report = await run(mode, `127.0.0.1:${port}`);
      expect(report.growth / 2 ** 20).toBeLessThan(32);
      expect(report.moved).toBeGreaterThan(50);
      // Nothing holds up the event loop; what is on top is for a busy machine.
      expect(report.longestCallMs).toBeLessThan(1_000);
    },
  );
});
