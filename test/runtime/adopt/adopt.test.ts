import { setImmediate } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { collect, connect, failure } from "../support/echo.ts";
import {
  type Call,
  type Callback,
  type Duplex,
  metadata,
  type Reader,
  servers,
  type Value,
  type Writer,
  withDefaults,
} from "./old-handlers.ts";

describe.each(["grpc-js", "adopted"] as const)("old handlers on %s", (kind) => {
  const start = async (handlers: Record<string, unknown>) =>
    connect(`127.0.0.1:${await servers[kind](withDefaults(handlers))}`);

  test("unary: the request, the callback and the trailers", async () => {
    const client = await start({
      Unary({ request, getPath, getDeadline, getPeer }: Call, callback: Callback) {
        const isGiven = typeof getDeadline === "function" && getPeer.length === 0;
        const text = `${request.text} ${isGiven}`;
        callback(null, { text, number: getPath.length }, metadata("left", "3"));
      },
    });
    const trailers: grpc.Metadata[] = [];
    const reply = await client.unary(
      { text: "hello" },
      { onTrailer: (trailer) => void trailers.push(trailer) },
    );
    expect(reply.text).toBe("hello true");
    expect(trailers.map((trailer) => trailer.get("left"))).toEqual([["3"]]);
  });

  test.each([
    [
      "a status",
      { code: grpc.status.NOT_FOUND, details: "no such user" },
      "NOT_FOUND",
      "no such user",
    ],
    [
      "an error with a code",
      Object.assign(new Error("taken"), { code: 6 }),
      "ALREADY_EXISTS",
      "taken",
    ],
    ["an error", new Error("broken"), "UNKNOWN", "broken"],
  ])("unary: %s by the callback", async (_, error, code, rawMessage) => {
    const client = await start({
      Unary: (_call: Call, callback: Callback) => callback(error, null, metadata("hint", "x")),
    });
    const caught = await failure(client.unary({}));
    expect(caught).toMatchObject({ code, rawMessage });
    expect(caught instanceof Error && "metadata" in caught && caught.metadata).toMatchObject({});
  });

  test("client streaming: events and the callback", async () => {
    const client = await start({
      ClientStream(call: Reader, callback: Callback) {
        const texts: (string | undefined)[] = [];
        call.on("data", ({ text }: Value) => texts.push(text));
        call.on("end", () => callback(null, { text: texts.join(",") }));
      },
    });
    expect((await client.clientStream([{ text: "a" }, { text: "b" }])).text).toBe("a,b");
  });

  test("server streaming: headers, writes and trailers", async () => {
    const client = await start({
      ServerStream(call: Writer) {
        call.sendMetadata(metadata("x-shard", "7"));
        for (const text of ["a", "b", "c"]) call.write({ text });
        call.end(metadata("left", "3"));
      },
    });
    const headers: grpc.Metadata[] = [];
    const trailers: grpc.Metadata[] = [];
    const options = {
      onHeader: (header: grpc.Metadata) => void headers.push(header),
      onTrailer: (trailer: grpc.Metadata) => void trailers.push(trailer),
    };
    const replies = await collect(client.serverStream({}, options));
    expect(replies.map(({ text }) => text)).toEqual(["a", "b", "c"]);
    expect(headers.map((header) => header.get("x-shard"))).toEqual([["7"]]);
    expect(trailers.map((trailer) => trailer.get("left"))).toEqual([["3"]]);
  });

  test("server streaming: an emitted error follows what was written", async () => {
    const client = await start({
      ServerStream(call: Writer) {
        call.write({ text: "a" });
        call.emit("error", { code: grpc.status.ABORTED, details: "no more" });
      },
    });
    const texts: string[] = [];
    const read = async () => {
      for await (const { text } of client.serverStream({})) texts.push(text);
    };
    expect(await failure(read())).toMatchObject({ code: "ABORTED", rawMessage: "no more" });
    expect(texts).toEqual(["a"]);
  });

  test("server streaming: a writer that waits for drain is slowed by a slow reader", async () => {
    let written = 0;
    const client = await start({
      async ServerStream(call: Writer) {
        for (; written < 2000; written++) {
          if (call.write({ text: "x".repeat(10_000) })) continue;
          await new Promise((resolve) => call.once("drain", resolve));
        }
        call.end();
      },
    });
    let read = 0;
    for await (const _ of client.serverStream({})) {
      read += 1;
      if (read === 1) {
        for (let turn = 0; turn < 200; turn++) await setImmediate();
        expect(written).toBeLessThan(1500);
      }
    }
    expect(read).toBe(2000);
  });

  test("bidirectional: each message as it comes", async () => {
    const client = await start({
      Bidi(call: Duplex) {
        call.on("data", ({ text }: Value) => call.write({ text: `${text}!` }));
        call.on("end", () => call.end());
      },
    });
    const replies = await collect(client.bidi([{ text: "a" }, { text: "b" }]));
    expect(replies.map(({ text }) => text)).toEqual(["a!", "b!"]);
  });

  test.each(["Unary", "ServerStream", "ClientStream", "Bidi"] as const)(
    "%s: a caller that leaves cancels the call, and its stream does not end",
    async (name) => {
      const { promise: started, resolve: start1 } = signal();
      const { promise: cancelled, resolve: cancel } = signal();
      let hasEnded = false;
      const client = await start({
        [name](call: Call) {
          call.on("data", () => {});
          call.on("end", () => {
            hasEnded = name === "ClientStream" || name === "Bidi";
          });
          call.on("cancelled", () => cancel(call.cancelled));
          start1();
        },
      });
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const open = async function* () {
        yield {};
        await new Promise(() => {});
      };
      const call = {
        Unary: () => client.unary({}, options),
        ServerStream: () => client.serverStream({}, options),
        ClientStream: () => client.clientStream(open(), options),
        Bidi: () => client.bidi(open(), options),
      }[name]();
      const failed = failure(call);
      await started;
      controller.abort();
      expect(await cancelled).toBe(true);
      expect(await failed).toMatchObject({ code: "CANCELLED" });
      // In grpc-js it ends, and a handler takes what has arrived for everything.
      if (kind === "adopted") expect(hasEnded).toBe(false);
    },
  );
});

function signal() {
  let resolve: (value?: unknown) => void = () => {};
  const promise = new Promise<unknown>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
