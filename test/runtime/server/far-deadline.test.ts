import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { createExchange } from "../../../runtime/src/server/create-exchange.ts";
import { planMethods } from "../../../runtime/src/server/method-plan.ts";
import type { NativeCall } from "../../../runtime/src/server/native-call.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { raise } from "../support/echo.ts";

// On our servers no such deadline arrives; on others grpc-js passes on what a caller sends.
test.each([2 ** 31 + 60_000, 2 ** 32, 1e15])(
  "a stream of responses does not end at a deadline in %d ms, which no timer can hold",
  async (ms) => {
    const registration = implement(echoDefinition, {
      async *serverStream() {
        await new Promise((resolve) => setTimeout(resolve, 30));
        yield {};
      },
    });
    const plan = planMethods(registration, {}, "own").get("serverStream") ?? raise("no plan");
    const ended = await new Promise<number>((resolve) => {
      const native: NativeCall = {
        peerCertificate: undefined,
        peer: "unknown",
        authority: "localhost",
        metadata: new Metadata(),
        firstText: () => undefined,
        endsAtDeadline: false,
        deadline: new Date(Date.now() + ms),
        read() {},
        sendHeader() {},
        send: () => undefined,
        reply() {},
        end: ({ code }) => resolve(code ?? -1),
      };
      const exchange = createExchange(plan, native);
      exchange.open();
      exchange.onMessage(Buffer.alloc(0));
      exchange.onHalfClose();
    });
    expect(ended).toBe(status.OK);
  },
);
