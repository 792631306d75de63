import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { abuses } from "./abuses.ts";
import { longestCall } from "./longest-call.ts";
import { expectGrowth } from "./memory-growth.ts";
import { launchProcess, type ServerProcess } from "./server-process.ts";

const limitBytes = 64 * 1024 * 1024;

/**
 * What another client may wait, in milliseconds: several times what the worst of the attacks costs
 * a slow and busy machine, far less than one that shuts others out would cost.
 */
const maxWaitMs = 30_000;

describe.each(["own", "plain"] as const)("%s server", { timeout: 120_000 }, (kind) => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await launchProcess({ kind });
    await longestCall(server, delay(300));
  });
  afterAll(() => server.kill("SIGKILL"));

  test.each(Object.entries(abuses))("%s", async (_what, abuse) => {
    const before = await server.report();
    const attack = abuse(server.port);
    const { clock } = await longestCall(server, attack);
    await attack;
    expect(clock).toBeLessThan(maxWaitMs);
    await expectGrowth(server, before, limitBytes);
  });
});
