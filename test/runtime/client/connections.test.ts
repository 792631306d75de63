import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { createChannel } from "../../../runtime/src/client/index.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, failure, patience, startEcho } from "../support/echo.ts";

describe("connections", () => {
  test("no server: UNAVAILABLE at once", async () => {
    const { address, close } = await startEcho({});
    await close();
    expect(await failure(connect(address).unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(connect(address).waitForReady(50))).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("waitForReady: a call outlives the time without a server", async () => {
    const { address, port, close } = await startEcho({});
    await close();
    const client = connect(address, {
      channelOptions: {
        "grpc.initial_reconnect_backoff_ms": 20,
        "grpc.min_reconnect_backoff_ms": 20,
        "grpc.max_reconnect_backoff_ms": 50,
      },
    });
    expect(await failure(client.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    const call = client.unary({}, { waitForReady: true });
    const server = new GrpcServer({
      services: [implement(echoDefinition, { unary: async () => ({ text: "back" }) })],
    });
    await server.listen(`127.0.0.1:${port}`);
    cleanUp(() => server.stop(0));
    expect((await call).text).toBe("back");
  });

  test("a client closes the channel it made, and only that", async () => {
    const { address } = await startEcho({ handlers: { unary: async () => ({}) } });
    const channel = createChannel(address);
    cleanUp(() => channel.close());
    const borrower = new EchoClient(channel, patience);
    await borrower.unary({});
    borrower.close();
    await borrower.unary({});
    expect(channel.getConnectivityState(false)).toBe(grpc.connectivityState.READY);

    const owner = new EchoClient(address);
    await owner.waitForReady(60_000);
    owner.close();
    expect(await failure(owner.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(collect(owner.serverStream({})))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(owner.waitForReady(50))).toMatchObject({ code: "UNAVAILABLE" });
  });

  test.each(["onHeader", "onTrailer"])("%s may throw", async (name) => {
    const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
    const options = {
      [name]: () => {
        throw new Error("bug");
      },
    };
    expect(await failure(client.unary({}, options))).toMatchObject({ code: "INTERNAL" });
  });
});
