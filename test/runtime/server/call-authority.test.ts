import { describe, expect, test } from "vitest";
import { EchoClient } from "../gen/echo_client.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { cleanUp, signpost } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";
import {
  endHeaders,
  endStream,
  frameTypes,
  literal,
  preface,
  rawFrame,
  settingsFrame,
} from "./http2-frames.ts";
import { rawSocket } from "./raw-socket.ts";

describe.each(drivers)("$name", (driver) => {
  test("a call knows the name that its caller used for the server", async () => {
    const authorities: string[] = [];
    const { address, close } = await driver.start({
      handlers: {
        async unary(_request, { authority }) {
          authorities.push(authority);
          return {};
        },
      },
    });
    cleanUp(close);
    const users = { "grpc.default_authority": "users.example.com:443" };
    for (const channelOptions of [{}, users]) {
      const client = new EchoClient(address, { channelOptions });
      cleanUp(() => client.close());
      await client.unary({});
    }
    expect(authorities).toEqual([address, "users.example.com:443"]);
  });

  // Node refuses calls with neither header.
  test("the name may come in the header host", async () => {
    let named: string | undefined;
    const called = signpost();
    const { port, close } = await driver.start({
      handlers: {
        async unary(_request, { authority }) {
          named = authority;
          called.reach();
          return {};
        },
      },
    });
    cleanUp(close);
    const headers = Buffer.concat([
      literal(":method", "POST"),
      literal(":scheme", "http"),
      literal(":path", echoDefinition.unary.path),
      literal("host", "users:50051"),
      literal("content-type", "application/grpc"),
      literal("te", "trailers"),
    ]);
    const socket = await rawSocket(port);
    socket.resume();
    socket.write(
      Buffer.concat([
        preface,
        settingsFrame,
        rawFrame(frameTypes.headers, endHeaders, 1, headers),
        rawFrame(frameTypes.data, endStream, 1, frame(Buffer.alloc(0))),
      ]),
    );
    await called.reached;
    expect(named).toBe("users:50051");
  });
});
