import { expect, test } from "vitest";
import {
  traceContextKey,
  traceContextOf,
} from "../../../runtime/src/interceptors/trace-context.ts";
import { createTestContext } from "../../../runtime/src/testing/index.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test.each([
  [`00-${traceId}-${spanId}-01`, { traceId, spanId }],
  [`cc-${traceId}-${spanId}-01-more`, { traceId, spanId }],
  [`00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
  [`00-${traceId}-${spanId}`, undefined],
  ["nonsense", undefined],
])("traceparent %s", (traceparent, expected) => {
  expect(traceContextOf(createTestContext({ metadata: { traceparent } }))).toEqual(expected);
});

test("the call's own span comes first", () => {
  const context = createTestContext({ metadata: { traceparent: `00-${traceId}-${spanId}-01` } });
  context.set(traceContextKey, { traceId, spanId: "1111111111111111" });
  expect(traceContextOf(context)).toEqual({ traceId, spanId: "1111111111111111" });
});

test("without either there is none", () => {
  expect(traceContextOf(createTestContext())).toBeUndefined();
});
