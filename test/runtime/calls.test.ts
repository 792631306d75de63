import { create } from "@bufbuild/protobuf";
import { Client, credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { bindClient } from "../../runtime/src/client/index.ts";
import { defineService, implement, unimplemented } from "../../runtime/src/index.ts";
import { GrpcServer } from "../../runtime/src/server/index.ts";
import { echoDefinition } from "./gen/echo_grpc.ts";
import { Echo, type EchoReply, EchoReplySchema } from "./gen/echo_pb.ts";
import { drivers } from "./support/drivers.ts";
import { cleanUp, collect, failure, raise, startEcho } from "./support/echo.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));

describe.each(drivers)("$name", (driver) => {
  test("unary", async () => {
    const { client } = await startEcho(
      { handlers: { unary: async ({ text, data }) => ({ text: `${text}!`, data }) } },
      driver,
    );
    const data = new Uint8Array([0, 255, 1]);
    const reply = await client.unary({ text: "홍길동 🙂", data });
    expect(reply).toMatchObject({ $typeName: "runtime.test.EchoReply", text: "홍길동 🙂!" });
    expect([...reply.data]).toEqual([...data]);
  });

  test("a handler may answer with a message and without a promise", async () => {
    const message = create(EchoReplySchema, { text: "made" });
    const { client } = await startEcho(
      // Sync answers are for JavaScript and plain functions; the generated interface wants a promise.
      { handlers: { unary: () => message as unknown as Promise<EchoReply> } },
      driver,
    );
    expect((await client.unary({})).text).toBe("made");
  });

  test.each([0, 1, 63, 64, 65, 1000])("server streaming of %i messages", async (count) => {
    const { client } = await startEcho(
      {
        handlers: {
          serverStream: async function* ({ number }) {
            for (let index = 0; index < number; index += 1) yield { number: index };
          },
        },
      },
      driver,
    );
    const replies = await collect(client.serverStream({ number: count }));
    expect(replies.map(({ number }) => number)).toEqual(numbers(count).map(({ number }) => number));
  });

  test("server streaming from arrays and synchronous generators", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          // The runtime takes sync iterables; the generated interface asks for async ones.
          serverStream: ({ number }) => numbers(number) as unknown as AsyncIterable<EchoReply>,
          bidi: function* () {
            yield* numbers(500);
          } as unknown as () => AsyncIterable<EchoReply>,
        },
      },
      driver,
    );
    expect(await collect(client.serverStream({ number: 500 }))).toHaveLength(500);
    expect(await collect(client.bidi([]))).toHaveLength(500);
  });

  test.each([1, 2, 1000])("client streaming of %i messages", async (count) => {
    const { client } = await startEcho(
      {
        handlers: {
          clientStream: async (requests) => {
            const received = await collect(requests);
            return { number: received.reduce((sum, { number }) => sum + number, 0) };
          },
        },
      },
      driver,
    );
    expect((await client.clientStream(numbers(count))).number).toBe((count * (count - 1)) / 2);
  });

  test("client streaming of no message", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          clientStream: async (requests) => ({ number: (await collect(requests)).length + 7 }),
        },
      },
      driver,
    );
    expect((await client.clientStream([])).number).toBe(7);
  });

  test.each([0, 1, 1000])("bidirectional echo of %i messages", async (count) => {
    const { client } = await startEcho(
      {
        handlers: {
          bidi: async function* (requests) {
            for await (const { number } of requests) yield { number: number * 2 };
          },
        },
      },
      driver,
    );
    const replies = await collect(client.bidi(numbers(count)));
    expect(replies.map(({ number }) => number)).toEqual(
      numbers(count).map(({ number }) => number * 2),
    );
  });

  test("bidirectional directions are independent", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          bidi: async function* (requests) {
            yield { text: "before any request" };
            for await (const { text } of requests) if (text === "last") yield { text: "saw last" };
            yield { text: "after half-close" };
          },
        },
      },
      driver,
    );
    const replies = await collect(client.bidi([{ text: "first" }, { text: "last" }]));
    expect(replies.map(({ text }) => text)).toEqual([
      "before any request",
      "saw last",
      "after half-close",
    ]);
  });

  test("replies reach the client while its requests are still coming", async () => {
    const { client } = await startEcho(
      {
        handlers: {
          bidi: async function* (requests) {
            for await (const { text } of requests) yield { text };
          },
        },
      },
      driver,
    );
    let answer: ((text: string) => void) | undefined;
    async function* pingPong() {
      for (let text = "0"; text.length < 4; ) {
        yield { text };
        text = await new Promise<string>((resolve) => {
          answer = resolve;
        });
      }
    }
    const seen: string[] = [];
    for await (const { text } of client.bidi(pingPong())) {
      seen.push(text);
      answer?.(`${text}0`);
    }
    expect(seen).toEqual(["0", "00", "000"]);
  });

  test("methods without a handler are UNIMPLEMENTED", async () => {
    const { client, errors } = await startEcho(
      { handlers: { unary: async (_request, context) => unimplemented(context) } },
      driver,
    );
    const unary = {
      code: "UNIMPLEMENTED",
      rawMessage: "runtime.test.Echo/Unary is not implemented",
    };
    expect(await failure(client.unary({}))).toMatchObject(unary);
    expect(await failure(client.serverStream({}))).toMatchObject({ code: "UNIMPLEMENTED" });
    expect(await failure(client.clientStream([]))).toMatchObject({ code: "UNIMPLEMENTED" });
    expect(await failure(client.bidi([]))).toMatchObject({ code: "UNIMPLEMENTED" });
    expect(errors).toEqual([]);
  });

  test("handlers may be methods of a class", async () => {
    class Handlers {
      readonly #greeting = "hello";
      async unary() {
        return { text: this.#greeting };
      }
    }
    const { client } = await startEcho({ handlers: new Handlers() }, driver);
    expect((await client.unary({})).text).toBe("hello");
  });

  test("a plain grpc-js client can call", async () => {
    const { address } = await startEcho(
      { handlers: { unary: async ({ text }) => ({ text }) } },
      driver,
    );
    const EchoConstructor = makeGenericClientConstructor(echoDefinition, "Echo");
    const plain = new EchoConstructor(address, credentials.createInsecure());
    cleanUp(() => plain.close());
    expect(plain).toBeInstanceOf(Client);
    const reply = await new Promise((resolve, reject) =>
      plain.makeUnaryRequest(
        echoDefinition.unary.path,
        echoDefinition.unary.requestSerialize,
        echoDefinition.unary.responseDeserialize,
        { $typeName: "runtime.test.EchoRequest", text: "plain", number: 0, data: new Uint8Array() },
        (error, value) => (error === null ? resolve(value) : reject(error)),
      ),
    );
    expect(reply).toMatchObject({ text: "plain" });
  });
});

test("names that every object has are no handlers", async () => {
  for (const name of ["toString", "__proto__", "constructor", "valueOf", "hasOwnProperty"]) {
    const definition = defineService(Echo, { [name]: echoDefinition.unary });
    for (const handlers of [{}, new (class Handlers {})()]) {
      const server = new GrpcServer({ services: [implement(definition, handlers)] });
      const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
      cleanUp(() => server.stop(0));
      const client = bindClient(definition, address);
      cleanUp(() => client.close());
      const call = client.methods[name];
      expect(await failure(call?.({}) ?? raise("no method"))).toMatchObject({
        code: "UNIMPLEMENTED",
      });
    }
  }
});

test("a handler under a name that every object has is used", async () => {
  const name = "__proto__";
  const definition = defineService(Echo, { [name]: echoDefinition.unary });
  const registration = implement(definition, { [name]: async () => ({ text: "own" }) });
  const server = new GrpcServer({ services: [registration] });
  const client = bindClient(definition, `127.0.0.1:${await server.listen("127.0.0.1:0")}`);
  cleanUp(() => server.stop(0));
  cleanUp(() => client.close());
  expect(await client.methods[name]({})).toMatchObject({ text: "own" });
});
