import { connect, createServer } from "node:net";
import { type Bench, type StackName, sleep, within } from "./bench.ts";

const restarts = 3;

/**
 * Replaces the server behind a load balancer again and again while clients of the same stack call
 * it: the new one takes the connections, then the old one gets SIGTERM.
 *
 * @returns calls that failed
 */
export async function rollingRestart(bench: Bench, stack: StackName): Promise<number> {
  let server = await bench.server(stack);
  const balancer = await startBalancer(() => server.ready.port);
  const client = await bench.client(stack);
  const load = {
    address: `127.0.0.1:${balancer.port}`,
    clients: 20,
    everyMs: 50,
    deadlineMs: 5000,
  };
  await client.ask("startLoad", load);
  await sleep(1000);
  for (let restart = 0; restart < restarts; restart += 1) {
    const old = server;
    server = await bench.server(stack);
    old.kill("SIGTERM");
    // Whoever starts servers ends those that do not.
    await within(3000, old.ended);
    await old.stop();
    await sleep(300);
  }
  const result = await within(10_000, client.ask<{ readonly failed: number }>("stopLoad"));
  await bench.stopAll();
  balancer.close();
  return result?.failed ?? Number.NaN;
}

/** Passes connections on to whichever port is the current one. */
async function startBalancer(
  target: () => number,
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((near) => {
    const far = connect(target(), "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the balancer has no port");
  return { port: address.port, close: () => void server.close() };
}
