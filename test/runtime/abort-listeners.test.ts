import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { addAbortListener } from "../../runtime/src/abort-listeners.ts";
import { cleanUp, collect, startEcho } from "./support/echo.ts";

const handlers = {
  unary: () => new Promise<object>((resolve) => setTimeout(resolve, 20, {})),
  serverStream: async function* () {
    yield {};
  },
};

/** Names of the warnings that the process emits until the test ends. */
function collectWarnings(): string[] {
  const warnings: string[] = [];
  const add = ({ name }: Error) => warnings.push(name);
  process.on("warning", add);
  cleanUp(() => void process.off("warning", add));
  return warnings;
}

test("any number of calls can follow one signal, which keeps no listener of theirs", async () => {
  const warnings = collectWarnings();
  const { client } = await startEcho({ handlers });
  const { signal } = new AbortController();
  const calls = Array.from({ length: 100 }, () => client.unary({}, { signal }));
  const streams = Array.from({ length: 20 }, () => collect(client.serverStream({}, { signal })));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await Promise.all([...calls, ...streams]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  // Node emits warnings in a later tick.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

test("all calls that follow a signal are cancelled by it, those that are over are not", async () => {
  const { client } = await startEcho({ handlers });
  const controller = new AbortController();
  const { signal } = controller;
  await client.unary({}, { signal });
  const calls = Array.from({ length: 20 }, () => client.unary({}, { signal }));
  controller.abort();
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({ status: "rejected", reason: { code: "CANCELLED" } });
  }
});

test("removing a listener twice does not remove those of others", () => {
  const controller = new AbortController();
  const notified: string[] = [];
  const removeFirst = addAbortListener(controller.signal, () => notified.push("first"));
  removeFirst();
  addAbortListener(controller.signal, () => notified.push("second"));
  removeFirst();
  controller.abort();
  expect(notified).toEqual(["second"]);
});
