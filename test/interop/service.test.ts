import { credentials, type Metadata } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPeer, type Peer } from "./client/peer.ts";
import { startServers } from "./servers.ts";
import type { RunningServer } from "./service/start-server.ts";

/** What interop clients of other languages may ask for and the cases of ours do not. */
describe.each(startServers)("$name", ({ start }) => {
  let server: RunningServer;
  let peer: Peer;

  beforeAll(async () => {
    server = await start("127.0.0.1:0");
    peer = connectPeer(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });

  afterAll(async () => {
    peer.close();
    await server.stop();
  });

  test("interval_us is waited before each response", async () => {
    const intervalUs = 30_000;
    const responseParameters = [0, 1, 2].map((size) => ({ size, intervalUs }));
    const before = performance.now();
    const sizes: unknown[] = [];
    for await (const { payload } of peer.test.streamingOutputCall({ responseParameters })) {
      sizes.push(payload?.body.length);
    }
    expect(sizes).toEqual([0, 1, 2]);
    // Timers round down to whole milliseconds.
    expect(performance.now() - before).toBeGreaterThan(3 * 29);
  });

  test("half duplex answers after the last request", async () => {
    let sent = 0;
    async function* requests() {
      for (; sent < 3; sent += 1) yield { responseParameters: [{ size: sent }] };
    }
    const sizes: unknown[] = [];
    for await (const { payload } of peer.test.halfDuplexCall(requests())) {
      expect(sent).toBe(3);
      sizes.push(payload?.body.length);
    }
    expect(sizes).toEqual([0, 1, 2]);
  });

  test("full duplex takes nothing after the status asked for", async () => {
    const responses = peer.test.fullDuplexCall([
      { responseParameters: [{ size: 1 }] },
      { responseStatus: { code: 10, message: "enough" } },
      { responseParameters: [{ size: 2 }] },
    ]);
    const sizes: unknown[] = [];
    const read = async () => {
      for await (const { payload } of responses) sizes.push(payload?.body.length);
    };
    await expect(read()).rejects.toMatchObject({ code: "ABORTED", rawMessage: "enough" });
    expect(sizes).toEqual([1]);
  });

  test("the server tells its id when asked, and always the same", async () => {
    const first = await peer.test.unaryCall({ fillServerId: true });
    const second = await peer.test.unaryCall({ fillServerId: true });
    expect(first.serverId).not.toBe("");
    expect(second.serverId).toBe(first.serverId);
    expect((await peer.test.unaryCall({})).serverId).toBe("");
  });

  test("a negative size is refused", async () => {
    const call = peer.test.unaryCall({ responseSize: -1 });
    await expect(call).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a cacheable response says so, and each has a time of its own", async () => {
    let header: Metadata | undefined;
    const onHeader = (received: Metadata): void => {
      header = received;
    };
    const first = await peer.test.cacheableUnaryCall({}, { onHeader });
    const second = await peer.test.cacheableUnaryCall({});
    expect(header?.get("cache-control")).toEqual(["max-age=60, public"]);
    expect(second.payload?.body).not.toEqual(first.payload?.body);
  });
});
