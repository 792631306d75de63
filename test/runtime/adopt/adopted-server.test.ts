import { describe, expect, test } from "vitest";
import { adopt } from "../../../runtime/src/adopt/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, failure } from "../support/echo.ts";
import {
  type Call,
  type Callback,
  type Duplex,
  servers,
  service,
  type Writer,
} from "./old-handlers.ts";

describe("on our server", () => {
  test("an RPC that is rewritten wins, and one without a handler is UNIMPLEMENTED", async () => {
    const old = { Unary: (_: Call, callback: Callback) => callback(null, { text: "old" }) };
    const handlers: Partial<EchoHandlers> = {
      async *serverStream() {
        yield { text: "new" };
      },
    };
    const client = connect(`127.0.0.1:${await servers.adopted(old, handlers)}`);
    expect((await client.unary({})).text).toBe("old");
    expect(await collect(client.serverStream({}))).toMatchObject([{ text: "new" }]);
    expect(await failure(client.bidi([{}]))).toMatchObject({ code: "UNIMPLEMENTED" });
  });

  test("handlers are found by the name of grpc-js, in a class, and called as its methods", async () => {
    class Old {
      readonly #greeting = "hi";
      unary(_call: Call, callback: Callback) {
        callback(null, { text: this.#greeting });
      }
    }
    const registration = adopt(echoDefinition, {
      service,
      implementation: new Old(),
    });
    const server = new GrpcServer({ services: [registration] });
    cleanUp(() => server.stop(0));
    const client = connect(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
    expect((await client.unary({})).text).toBe("hi");
  });

  test.each(["Unary", "ServerStream"])(
    "%s: what is thrown is INTERNAL and reported",
    async (name) => {
      for (const thrower of [
        () => {
          throw new Error("secret");
        },
        () => Promise.reject(new Error("secret")),
      ]) {
        const errors: unknown[] = [];
        const port = await servers.adopted({ [name]: thrower }, {}, errors);
        const client = connect(`127.0.0.1:${port}`);
        const call = name === "Unary" ? client.unary({}) : client.serverStream({});
        expect(await failure(call)).toMatchObject({
          code: "INTERNAL",
          rawMessage: "internal error",
        });
        expect(errors).toMatchObject([{ message: "secret" }]);
      }
    },
  );

  test("a write after the end, and a call that is destroyed, end no process", async () => {
    const client = connect(
      `127.0.0.1:${await servers.adopted({
        ServerStream(call: Writer) {
          call.end();
          call.write({ text: "late" });
        },
        Bidi: (call: Duplex) => call.destroy(),
      })}`,
    );
    await failure(client.serverStream({}));
    expect(await failure(client.bidi([{}]))).toMatchObject({ code: "CANCELLED" });
    expect((await failure(client.unary({}))) instanceof Error).toBe(true);
  });
});
