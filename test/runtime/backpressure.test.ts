import { describe, expect, test } from "vitest";
import { drivers } from "./support/drivers.ts";
import { settled, signpost, startEcho, until } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

const total = 20_000;
const data = new Uint8Array(1024);
/** Far below `total`, well above what windows of HTTP/2 and ours can hold. */
const bound = 2_000;

describe.each(drivers)("$name", (driver) => {
  test.each(["async", "sync"])("a stalled reader holds up an %s server stream", async (style) => {
    let produced = 0;
    let closed = false;
    function* syncStream() {
      try {
        for (; produced < total; produced += 1) yield { data };
      } finally {
        closed = true;
      }
    }
    async function* asyncStream() {
      yield* syncStream();
    }
    const { port } = await startEcho(
      {
        handlers: {
          serverStream: (style === "sync" ? syncStream : asyncStream) as () => AsyncIterable<{
            data: Uint8Array;
          }>,
        },
      },
      driver,
    );
    const call = rawCall(port, "/runtime.test.Echo/ServerStream", { read: false });
    call.send(Buffer.alloc(0));
    call.end();
    await call.headers;
    const held = await settled(() => produced);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(bound);
    call.cancel();
    await until(() => closed);
    expect(produced).toBeLessThan(bound);
  });

  test("big messages are held up by their bytes", async () => {
    let produced = 0;
    const { port } = await startEcho(
      {
        handlers: {
          serverStream: async function* () {
            for (; produced < 100; produced += 1) yield { data: new Uint8Array(512 * 1024) };
          },
        },
      },
      driver,
    );
    const call = rawCall(port, "/runtime.test.Echo/ServerStream", { read: false });
    call.send(Buffer.alloc(0));
    call.end();
    await call.headers;
    // grpc-js' own Writable takes 16 objects of any size.
    expect(await settled(() => produced)).toBeLessThan(driver.name.startsWith("Grpc") ? 4 : 20);
  });

  test("a bidirectional echo that is never read stops reading", async () => {
    let echoed = 0;
    const { port } = await startEcho(
      {
        handlers: {
          bidi: async function* (requests) {
            for await (const { data: received } of requests) {
              echoed += 1;
              yield { data: received };
            }
          },
        },
      },
      driver,
    );
    const call = rawCall(port, "/runtime.test.Echo/Bidi", { read: false });
    // Field 3, bytes, of 1024: what protobuf makes of `data`.
    const message = Buffer.concat([Buffer.from([0x1a, 0x80, 0x08]), data]);
    for (let index = 0; index < 2 * bound; index += 1) call.send(message);
    await call.headers;
    const held = await settled(() => echoed);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(bound);
  });

  test("a handler that does not read holds up the client", async () => {
    const release = signpost();
    let received = 0;
    const { client } = await startEcho(
      {
        handlers: {
          clientStream: async (requests) => {
            for await (const _request of requests) {
              received += 1;
              if (received === 1) await release.reached;
            }
            return { number: received };
          },
        },
      },
      driver,
    );
    let sent = 0;
    function* requests() {
      for (; sent < 5_000; sent += 1) yield { data };
    }
    const reply = client.clientStream(requests());
    const held = await settled(() => sent);
    // grpc-js' channel keeps up to 1 MiB a call for retries.
    expect(held).toBeLessThan(bound);
    release.reach();
    expect((await reply).number).toBe(5_000);
  });

  test("a client that does not read holds up the server", async () => {
    let produced = 0;
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: async function* () {
            for (; produced < 2 * bound; produced += 1) yield { data };
          },
        },
      },
      driver,
    );
    let received = 0;
    for await (const _reply of client.serverStream({})) {
      received += 1;
      if (received === 1) expect(await settled(() => produced)).toBeLessThan(bound);
    }
    expect(received).toBe(2 * bound);
  });
});
