// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { echoDefinition } from "../../runtime/gen/echo_grpc.ts";
import { signpost } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { echoCall, echoHandlers, serveEcho } from "../support/echo-server.ts";
import { proxyTo } from "../support/proxy-to.ts";
import { serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

describe.each(serverKinds)("a Python client of $name", (kind) => {
  const client = usePythonClient();

  /** A call that goes on until the signpost is reached. */
  function lastingCall() {
    const arrived = signpost();
    const finish = signpost();
    const unary = async () => {
      arrived.reach();
      await finish.reached;
      return { text: "finished" };
    };
    return { arrived: arrived.reached, finish: () => finish.reach(), handlers: { unary } };
  }

  test("its keepalive pings are answered", async () => {
    const { finish, handlers } = lastingCall();
    const { proxy, address } = await proxyTo(await serveEcho(kind, handlers));
    const options = {
      "grpc.keepalive_time_ms": 50,
      "grpc.keepalive_timeout_ms": 50_000,
      "grpc.http2.max_pings_without_data": 0,
      "grpc.http2.min_time_between_pings_ms": 50,
    };
    const channel = { address, options };
    const outcome = client.call(echoCall(0, "Unary", { channel }));
    await proxy.seen("client", "PING", 2);
    await proxy.seen("server", "PING ACK", 2);
    finish();
    expect(await outcome).toMatchObject({ code: "OK" });
  });

  test("it answers the server's keepalive pings", async () => {
    const { finish, handlers } = lastingCall();
    const channelOptions = { "grpc.keepalive_time_ms": 50, "grpc.keepalive_timeout_ms": 50_000 };
    const { proxy, address } = await proxyTo(await serveEcho(kind, handlers, { channelOptions }));
    const outcome = client.call(echoCall(0, "Unary", { channel: { address } }));
    await proxy.seen("server", "PING", 3);
    await proxy.seen("client", "PING ACK", 3);
    finish();
    expect(await outcome).toMatchObject({ code: "OK" });
  });

  test("a server that stops says so, lets the call finish, and the next server takes over", async () => {
    const { arrived, finish, handlers } = lastingCall();
    const server = await kind.start([implement(echoDefinition, handlers)], {
      port: await freePort(),
    });
    const { port } = server;
    const { proxy, address } = await proxyTo(port);
    const channel = { address };
    const running = client.call(echoCall(0, "Unary", { channel }));
    await arrived;
    const stopped = server.stop(60_000);
    await proxy.seen("server", "GOAWAY", 1);
    finish();
    expect(await running).toMatchObject({ code: "OK", responses: [{ text: "finished" }] });
    await stopped;
    await serveEcho(kind, echoHandlers, { port });
    const next = echoCall(0, "Unary", { channel, waitForReady: true, timeout: 60 });
    expect(await client.call(next)).toMatchObject({ code: "OK" });
  });
});
