import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test, vi } from "vitest";
import { HealthRegistry } from "../../runtime/src/health/index.ts";
import { resetStreams } from "./server/abuses.ts";
import { cleanUp, startEcho } from "./support/echo.ts";
import { own, plain } from "./support/kinds.ts";

/** The messages of a channel, until the test is over. */
function heard(name: string): unknown[] {
  const messages: unknown[] = [];
  const listen = (message: unknown) => messages.push(message);
  subscribe(name, listen);
  cleanUp(() => void unsubscribe(name, listen));
  return messages;
}

const kinds = [own, plain];

test.each(kinds)("$name: an abuse is published once for a connection", async ({ listen }) => {
  const messages = heard("grpc-service.server.abuse");
  await resetStreams(await listen({}, { resetBurst: 5, resetsPerSecond: 1 }), 50);
  await expect
    .poll(() => messages)
    .toEqual([
      {
        peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        cause: "the peer resets more of its calls than allowed",
      },
    ]);
});

test("open connections are published when they change", async () => {
  const messages = heard("grpc-service.server.connections");
  const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
  await client.unary({});
  client.close();
  await expect.poll(() => messages.length).toBe(2);
  const [opened, closed] = messages;
  expect(opened).toEqual({ open: 1 });
  expect(closed).toEqual({ open: 0 });
});

test("the health of a service is published when it changes", async () => {
  const messages = heard("grpc-service.health.status");
  const health = new HealthRegistry();
  health.set("a.B", "SERVING");
  health.set("a.B", "SERVING");
  const down = () => Promise.reject(new Error("down"));
  await health.probe("database", down, { services: ["a.B", "c.D"] });
  health.shutdown();
  expect(messages).toEqual([
    { service: "a.B", status: "SERVING" },
    { service: "a.B", status: "NOT_SERVING" },
    { service: "c.D", status: "NOT_SERVING" },
    { service: "", status: "NOT_SERVING" },
  ]);
});

test("nothing is published without a subscriber", async () => {
  const names = ["server.abuse", "server.connections", "health.status"];
  const published = names.map((name) => vi.spyOn(channel(`grpc-service.${name}`), "publish"));
  await resetStreams(await own.listen({}, { resetBurst: 5, resetsPerSecond: 1 }), 50);
  new HealthRegistry().set("a.B", "SERVING");
  for (const publish of published) expect(publish).not.toHaveBeenCalled();
});
