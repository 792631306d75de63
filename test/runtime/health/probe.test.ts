import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import {
  type HealthClient,
  HealthCheckResponse_ServingStatus as Status,
} from "../../../runtime/src/health/client.ts";
import { HealthRegistry, type ProbeResult } from "../../../runtime/src/health/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp, signpost, until } from "../support/echo.ts";
import { hosts } from "../support/hosts.ts";
import { startHealth } from "./start.ts";

async function statuses(client: HealthClient): Promise<Record<string, string>> {
  const names = Object.entries(Status);
  const { statuses } = await client.list({});
  const named = Object.entries(statuses).map(([service, { status }]): [string, string] => [
    service,
    names.find(([, number]) => number === status)?.[0] ?? "?",
  ]);
  return Object.fromEntries(named);
}

/** Something to check that works, fails or hangs as told. */
class Database {
  state: "up" | "down" | "hanging" = "up";
  checks = 0;
  running = 0;
  mostAtOnce = 0;
  readonly signals: AbortSignal[] = [];

  readonly ping = async (signal: AbortSignal): Promise<void> => {
    this.checks += 1;
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    this.signals.push(signal);
    try {
      await new Promise(setImmediate);
      if (this.state === "down") throw new Error("connection refused");
      await this.#untilNotHanging();
    } finally {
      this.running -= 1;
    }
  };

  async #untilNotHanging(): Promise<void> {
    await until(() => this.state !== "hanging");
  }
}

const fast = { intervalMs: 5, timeoutMs: 10_000 };

describe.each(hosts)("$name", (host) => {
  test("services are NOT_SERVING while a probe fails, and SERVING again after", async () => {
    const { registry, client } = await startHealth(host);
    registry.set("a.B", "SERVING");
    const database = new Database();
    const seen: Status[] = [];
    const first = registry.probe("database", database.ping, fast);
    for await (const { status } of client.watch({ service: "a.B" })) {
      seen.push(status);
      if (seen.length === 1) await first;
      if (status === Status.SERVING) database.state = "down";
      if (status === Status.NOT_SERVING) database.state = "up";
      if (seen.length > 4 && status === Status.SERVING) break;
    }
    expect(seen.slice(-4)).toEqual([
      Status.NOT_SERVING,
      Status.SERVING,
      Status.NOT_SERVING,
      Status.SERVING,
    ]);
    await until(() => database.checks > 10);
    expect(database.mostAtOnce).toBe(1);
  });
});

test("the promise is settled by the first result, good or bad; until then nothing serves", async () => {
  const { registry, client } = await startHealth();
  const gate = signpost();
  const first = registry.probe("database", () => gate.reached, fast);
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
  gate.reach();
  await first;
  expect(await statuses(client)).toEqual({ "": "SERVING" });
  await registry.probe("cache", () => Promise.reject(new Error("refused")), fast);
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
});

test("a probe affects the services that it names, and registers them", async () => {
  const { registry, client } = await startHealth();
  const refuse = () => Promise.reject(new Error("refused"));
  await registry.probe("broker", refuse, { ...fast, services: ["a.B", "a.C"] });
  await registry.probe("cache", async () => {}, { ...fast, services: ["a.C", "a.D"] });
  registry.set("a.B", "SERVING");
  registry.set("a.E", "NOT_SERVING");
  expect(await statuses(client)).toEqual({
    "": "SERVING",
    "a.B": "NOT_SERVING",
    "a.C": "NOT_SERVING",
    "a.D": "SERVING",
    "a.E": "NOT_SERVING",
  });
});

test("a passing probe does not make a service SERVING that was set to NOT_SERVING", async () => {
  const { registry, client } = await startHealth();
  registry.set("", "NOT_SERVING");
  await registry.probe("database", async () => {}, fast);
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
  registry.set("", "SERVING");
  expect(await statuses(client)).toEqual({ "": "SERVING" });
});

test("onProbe is called with the first result of a probe and with every change", async () => {
  const told: [string, ProbeResult][] = [];
  const database = new Database();
  const { registry } = await startHealth(hosts[0], {
    onProbe: (name, result) => told.push([name, result]),
  });
  await registry.probe("database", database.ping, fast);
  await until(() => database.checks > 3);
  database.state = "down";
  await until(() => told.length === 2);
  const checks = database.checks;
  await until(() => database.checks > checks + 3);
  database.state = "up";
  await until(() => told.length === 3);
  expect(told).toEqual([
    ["database", { passed: true }],
    ["database", { passed: false, error: new Error("connection refused") }],
    ["database", { passed: true }],
  ]);
});

test.each([
  ["rejects", () => Promise.reject(new GrpcError("UNAVAILABLE", "gone"))],
  ["rejects with nothing", () => Promise.reject()],
  [
    "throws",
    () => {
      throw new Error("no driver");
    },
  ],
])("a check that %s has failed", async (_how, check) => {
  const { registry, client } = await startHealth();
  await registry.probe("database", check, fast);
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
});

test("a check without an answer has failed when its time is up; the next one waits for it", async () => {
  const told: ProbeResult[] = [];
  const database = new Database();
  database.state = "hanging";
  const { registry, client } = await startHealth(hosts[0], {
    onProbe: (_, result) => told.push(result),
  });
  await registry.probe("database", database.ping, { intervalMs: 1, timeoutMs: 20 });
  expect(told).toEqual([{ passed: false, error: new Error("no answer within 20 ms") }]);
  expect(database.signals[0]?.reason).toEqual(new Error("no answer within 20 ms"));
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
  // Far longer than interval and timeout together.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(database.checks).toBe(1);
  database.state = "up";
  await until(() => told.length === 2);
  expect(told[1]).toEqual({ passed: true });
  expect(database.mostAtOnce).toBe(1);
});

test("shutdown ends all checks, including a running one, and resolves their promises", async () => {
  const { registry, client } = await startHealth();
  const database = new Database();
  const hanging = new Database();
  hanging.state = "hanging";
  await registry.probe("database", database.ping, fast);
  const first = registry.probe("hanging", hanging.ping, fast);
  await until(() => hanging.checks === 1);
  registry.shutdown();
  await first;
  expect(hanging.signals[0]?.aborted).toBe(true);
  hanging.state = "up";
  const checks = database.checks;
  const late = new Database();
  await registry.probe("late", late.ping, fast);
  // Many intervals.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(database.checks).toBe(checks);
  expect(hanging.checks).toBe(1);
  expect(late.checks).toBe(0);
  expect(await statuses(client)).toEqual({ "": "NOT_SERVING" });
});

test.each([{ intervalMs: 0 }, { timeoutMs: -1 }, { timeoutMs: Number.NaN }, { intervalMs: 1e9 }])(
  "%o is refused at once",
  (options) => {
    const registry = new HealthRegistry();
    cleanUp(() => registry.shutdown());
    expect(() => registry.probe("database", async () => {}, options)).toThrow(RangeError);
  },
);

test("probes do not keep a process alive", async () => {
  const child = join(import.meta.dirname, "idle-process.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", child], {
    timeout: 60_000,
  });
  expect(stdout).toBe("checked\n");
});
