import { describe, expect, test } from "vitest";
import { createChannel, watchConnection } from "../../../runtime/src/client/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { startChild } from "../support/child.ts";
import { cleanUp, patience, startEcho, until } from "../support/echo.ts";

describe("watchConnection", () => {
  test("reports the current state and every change", async () => {
    const { address, close } = await startEcho({ handlers: { unary: async () => ({}) } });
    // Once it has failed it stays so, however long this test takes.
    const channelOptions = { "grpc.initial_reconnect_backoff_ms": 60_000 };
    const channel = createChannel(address, { channelOptions });
    const states: string[] = [];
    watchConnection(channel, (state) => states.push(state));
    await until(() => states.length === 1);
    await new EchoClient(channel, patience).unary({});
    await close();
    await until(() => states.at(-1) === "IDLE" && states.length > 1);
    channel.getConnectivityState(true);
    await until(() => states.at(-1) === "TRANSIENT_FAILURE");
    channel.close();
    await until(() => states.at(-1) === "SHUTDOWN");
    const rest = ["IDLE", "CONNECTING", "TRANSIENT_FAILURE", "SHUTDOWN"];
    expect(states).toEqual(["IDLE", "CONNECTING", "READY", ...rest]);
  });

  test("opens no connection by itself, and stops when the signal aborts", async () => {
    const { address } = await startEcho({ handlers: { unary: async () => ({}) } });
    const channel = createChannel(address);
    cleanUp(() => channel.close());
    const watched: string[] = [];
    const stopped: string[] = [];
    const controller = new AbortController();
    watchConnection(channel, (state) => watched.push(state));
    watchConnection(channel, (state) => stopped.push(state), controller.signal);
    await until(() => stopped.length === 1);
    controller.abort();
    await new EchoClient(channel, patience).unary({});
    await until(() => watched.includes("READY"));
    expect(stopped).toEqual(["IDLE"]);
  });

  test("reports SHUTDOWN for a closed channel", async () => {
    const channel = createChannel("127.0.0.1:1");
    channel.close();
    const states: string[] = [];
    watchConnection(channel, (state) => states.push(state));
    await until(() => states.length > 0);
    expect(states).toEqual(["SHUTDOWN"]);
  });

  test.each(["channel", "pool"])("does not keep the process alive: %s", async (kind) => {
    const { address } = await startEcho({ handlers: { unary: async () => ({}) } });
    const child = startChild(new URL("./processes/watcher.ts", import.meta.url), kind, address);
    expect(await child.next()).toEqual(["IDLE", "CONNECTING", "READY"]);
    expect(await child.exited).toBe(0);
  });
});
