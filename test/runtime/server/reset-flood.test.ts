import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resetStreams } from "./abuses.ts";
import { longestCall } from "./longest-call.ts";
import { launchProcess, type ServerProcess } from "./server-process.ts";

const connections = 4;
const resets = 5_000;
/** Far less than the seconds that it took, and enough for a busy machine. */
const maxStallMs = 600;

describe.each(["own", "plain"] as const)("%s server", { timeout: 120_000 }, (kind) => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await launchProcess({ kind });
    await longestCall(server, delay(300));
  });
  afterAll(() => server.kill("SIGKILL"));

  test("calls that are reset at once cost others little", async () => {
    const flood = async () => {
      // The first of the other caller's calls connects.
      await delay(100);
      await Promise.all(
        Array.from({ length: connections }, () => resetStreams(server.port, resets)),
      );
    };
    const attack = flood();
    const { clock, work } = await longestCall(server, attack);
    await attack;
    expect(Math.min(clock, work)).toBeLessThan(maxStallMs);
  });
});
