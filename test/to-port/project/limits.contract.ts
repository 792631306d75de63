import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import type { Dependencies } from "../src/dependencies.ts";
import { HealthClient } from "../src/gen/runtime/health-client.ts";
import type { ServerLimits } from "../src/gen/runtime/index.ts";
import type { App } from "../src/lifecycle.ts";
import { startTestApp, type TestApp, testConfig } from "./support.ts";

/** The HTTP/2 preface of a client, and settings that leave all as it is. */
const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** The limits of a connection that hold for both ways to serve. */
export function describeLimits(
  name: string,
  create: (config: Config, dependencies: Dependencies) => Promise<App>,
): void {
  describe(name, () => {
    let app: TestApp;
    let session: ClientHttp2Session | undefined;
    let socket: Socket | undefined;
    afterEach(async () => {
      session?.destroy();
      socket?.destroy();
      await app.close();
    });

    async function start(limits: Partial<ServerLimits>): Promise<void> {
      app = await startTestApp({
        create,
        config: { limits: { ...testConfig().limits, ...limits } },
      });
    }

    /** A connection by hand, which does what no gRPC client does. */
    function connect(): Socket {
      const [host = "", port] = app.address.split(":");
      socket = connectSocket({ host, port: Number(port) });
      socket.on("error", () => {}); // being cut off may look like one
      socket.resume();
      return socket;
    }

    /** Well-behaved connections live on. */
    async function expectServing(): Promise<void> {
      await expect(new HealthClient(app.channel).check({})).resolves.toBeDefined();
    }

    test.each([
      ["says nothing", Buffer.alloc(0)],
      ["stops in the middle of the preface", preface.subarray(0, 10)],
    ])("closes a connection that %s", async (_what, words) => {
      await start({ prefaceTimeoutMs: 500 });
      await expectServing();
      const began = performance.now();
      const silent = connect();
      silent.write(words);
      await once(silent, "close");
      expect(performance.now() - began).toBeLessThan(5000);
      await expectServing();
    });

    test("closes a connection that does not answer the keepalive ping", async () => {
      await start({ keepaliveTimeMs: 100, keepaliveTimeoutMs: 100 });
      const frozen = connect();
      frozen.write(preface); // and pings are never answered
      await once(frozen, "close");
      await expectServing();
    });

    test("tells callers how many calls and bytes a connection may have open", async () => {
      await start({ maxConcurrentStreams: 7, flowControlWindowBytes: 123_456 });
      session = connectHttp2(`http://${app.address}`);
      const [settings] = await once(session, "remoteSettings");
      expect(settings).toMatchObject({ maxConcurrentStreams: 7, initialWindowSize: 123_456 });
    });

    test("sends callers away from a connection that is old", async () => {
      await start({ maxConnectionAgeMs: 100 });
      session = connectHttp2(`http://${app.address}`);
      await once(session, "goaway");
      await expectServing();
    });

    test("refuses messages that are too large", async () => {
      await start({ maxReceiveMessageBytes: 1000 });
      const health = new HealthClient(app.channel, app.options);
      const large = health.check({ service: "x".repeat(1001) });
      await expect(large).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      await expectServing();
    });
  });
}
