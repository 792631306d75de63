import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Report, ServerProcess } from "./server-process.ts";

const settlingMs = 30_000;

/**
 * Expects what the server holds above `before` to be less than `limit` bytes, and what it ever held
 * to be less than twice as much.
 *
 * The first is what we promise. It has a while to come true: V8 keeps a young generation that an
 * attack has blown up, 33 MB at most, until it has been idle for some seconds.
 */
export async function expectGrowth(
  server: ServerProcess,
  before: Report,
  limit: number,
): Promise<Report> {
  const end = performance.now() + settlingMs;
  let after = await server.report();
  while (after.rss - before.rss >= limit && performance.now() < end) {
    await delay(250);
    after = await server.report();
  }
  expect(after.rss - before.rss).toBeLessThan(limit);
  expect(after.peakRss - before.rss).toBeLessThan(2 * limit);
  return after;
}
