import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { GrpcError, type ServerInterceptor } from "../src/gen/runtime/index.ts";
import { patternCalls } from "./four-patterns.ts";
import {
  layersOf,
  metadata,
  order,
  patterns,
  present,
  recording,
  type Story,
  start,
  turnedBackBy,
  wholeWay,
} from "./layer-story.ts";

const namedMethods = Object.values(patterns).map((method) => [method.name, method] as const);

test.each(namedMethods)("%s: every layer is there, in this order", (_name, method) => {
  expect(layersOf(method).map(({ name }) => name)).toEqual(order);
});

/** Layers that turn calls back by themselves, how to have them do so, and with which status. */
const refusals: {
  layer: string;
  what: string;
  code: string;
  points?: number;
  call?: { metadata?: Record<string, string>; request?: { service: string } };
}[] = [
  {
    layer: "authenticateCaller",
    what: "no token",
    code: "UNAUTHENTICATED",
    call: { metadata: {} },
  },
  { layer: "limitRate", what: "too many calls", code: "RESOURCE_EXHAUSTED", points: 0 },
  {
    layer: "validate",
    what: "a bad message",
    code: "INVALID_ARGUMENT",
    call: { request: { service: "forbidden" } },
  },
];

describe.each(patternCalls)("%s", (name, call) => {
  /** Every layer that watches has seen that the call ended with `code`. */
  async function expectSeen({ lines, registry }: Story, code: string): Promise<void> {
    const ended = (msg: string) => lines.filter((line) => line.msg === msg);
    expect(ended("call ended")).toMatchObject([{ code }]);
    expect(ended("call audited")).toMatchObject([{ code }]);
    const text = await registry.metrics();
    expect(text).toContain(`grpc_method="${name}"`);
    expect(text).toMatch(new RegExp(`handled_total\\{.*grpc_code="${code}"\\} 1`));
    expect(recording.spans.at(-1)).toMatchObject({ name: `test.Patterns/${name}`, ended: true });
  }

  test("success", async () => {
    const told = await start();
    await call(told.channel, { metadata });
    expect(told.actions).toEqual(wholeWay("OK"));
    await expectSeen(told, "OK");
  });

  test.each(present)("a refusal inside of %s", async (inside) => {
    const refuse: ServerInterceptor = async () => {
      throw new GrpcError("FAILED_PRECONDITION", "not now");
    };
    const { actions, channel } = await start({ extra: [inside, refuse] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      rawMessage: "not now",
    });
    expect(actions).toEqual(turnedBackBy(inside, "FAILED_PRECONDITION"));
  });

  test.each(present)("a throw inside of %s", async (inside) => {
    const explode: ServerInterceptor = () => {
      throw new TypeError("password is hunter2");
    };
    const { actions, channel } = await start({ extra: [inside, explode] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "INTERNAL",
      rawMessage: "internal error",
    });
    expect(actions).toEqual(turnedBackBy(inside, "INTERNAL"));
  });

  test.each(refusals.filter(({ layer }) => present.includes(layer)))(
    "$what",
    async ({ layer, code, points = 1000, call: changed }) => {
      const told = await start({ points });
      const reply = call(told.channel, { metadata, ...changed });
      await expect(reply).rejects.toMatchObject({ code });
      expect(told.actions).toEqual(turnedBackBy(layer, code));
      await expectSeen(told, code);
    },
  );

  test("a handler that throws", async () => {
    const told = await start({
      work: () => {
        throw new Error("a bug");
      },
    });
    await expect(call(told.channel, { metadata })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(told.actions).toEqual(wholeWay("INTERNAL"));
    await expectSeen(told, "INTERNAL");
    expect(told.incidents).toMatchObject([{ code: "INTERNAL", error: { message: "a bug" } }]);
  });

  test("a caller that leaves", async () => {
    const leave = new AbortController();
    const told = await start({
      work: async ({ signal }) => {
        leave.abort();
        await setTimeout(60_000, undefined, { signal }).catch(() => {});
      },
    });
    const reply = call(told.channel, { metadata, signal: leave.signal });
    await expect(reply).rejects.toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => told.actions).toEqual(wholeWay("CANCELLED"));
    await expectSeen(told, "CANCELLED");
  });
});
