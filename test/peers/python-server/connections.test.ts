// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import { cleanUp, failure } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { asked, echoClient } from "../support/echo-client.ts";
import { proxyTo } from "../support/proxy-to.ts";
import { PythonServer } from "../support/python-server.ts";

/** Pings often; for an answer it waits this many milliseconds. */
const keepalive = (timeoutMs: number) => ({
  "grpc.keepalive_time_ms": 200,
  "grpc.keepalive_timeout_ms": timeoutMs,
});

describe("a generated client of a Python server", () => {
  function newServer(): PythonServer {
    const server = new PythonServer();
    cleanUp(() => server.end());
    return server;
  }

  test("its keepalive pings are answered", async () => {
    const server = newServer();
    const { proxy, address } = await proxyTo(
      await server.start({ options: { "grpc.http2.min_ping_interval_without_data_ms": 10 } }),
    );
    const client = echoClient(address, { channelOptions: keepalive(50_000) });
    const controller = new AbortController();
    const call = failure(client.unary({}, { metadata: asked("wait"), signal: controller.signal }));
    await proxy.seen("client", "PING", 2);
    await proxy.seen("server", "PING ACK", 2);
    controller.abort();
    expect(await call).toMatchObject({ code: "CANCELLED" });
  });

  test("a frozen server is noticed", async () => {
    const server = newServer();
    const address = `127.0.0.1:${await server.start()}`;
    const client = echoClient(address, { channelOptions: keepalive(300) });
    const call = failure(client.unary({}, { metadata: asked("wait"), timeoutMs: 60_000 }));
    expect(await server.event()).toBe("waiting");
    server.kill("SIGSTOP");
    expect(await call).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("a server that stops lets the call finish, and the next server takes over", async () => {
    const server = newServer();
    const port = await server.start({ port: await freePort() });
    const { proxy, address } = await proxyTo(port);
    const client = echoClient(address);
    let stopped: Promise<void> | undefined;
    async function* requests() {
      yield { text: "one" };
      await proxy.seen("server", "GOAWAY", 1);
      yield { text: "two" };
    }
    const texts: string[] = [];
    for await (const { text } of client.bidi(requests())) {
      texts.push(text);
      stopped ??= server.stop(60);
    }
    expect(texts).toEqual(["one", "two"]);
    await stopped;
    await server.start({ port });
    expect((await client.unary({ text: "three" }, { waitForReady: true })).text).toBe("three");
  });

  test("a call waits for a server that comes later", async () => {
    const server = newServer();
    const port = await server.start({ port: await freePort() });
    await server.stop(0);
    const client = echoClient(`127.0.0.1:${port}`, {
      channelOptions: { "grpc.initial_reconnect_backoff_ms": 100 },
    });
    const reply = client.unary({ text: "late" }, { waitForReady: true, timeoutMs: 60_000 });
    await expect(client.waitForReady(1)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await server.start({ port });
    expect((await reply).text).toBe("late");
  });
});
