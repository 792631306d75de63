import { create, setExtension } from "@bufbuild/protobuf";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { ChannelInterface } from "@grpc/grpc-js";
import { afterEach, expect, test, vi } from "vitest";
import { BadRequestSchema } from "../../../runtime/src/error-details.ts";
import { interceptorsByMethod, validation } from "../../../runtime/src/interceptors/index.ts";
import { requestWith } from "../support/changed-request.ts";
import {
  failureOf,
  implementPatterns,
  patternCalls,
  patternMethods,
  patternsTaking,
  unaryCall,
} from "../support/four-patterns.ts";
import { serve } from "../support/serve.ts";

afterEach(() => vi.doUnmock("@bufbuild/protovalidate"));

type Rules = Partial<Pick<FieldRules, "cel" | "type">>;

function ruledBy(rules: Rules) {
  const ruled = requestWith((options) => {
    setExtension(options, fieldRules, create(FieldRulesSchema, rules));
  });
  return patternsTaking(ruled);
}

/** Serves the four patterns; the only field of their request has these rules. */
async function start(rules: Rules): Promise<{ channel: ChannelInterface; handled: string[] }> {
  const handled: string[] = [];
  const handlers = implementPatterns(({ method }) => handled.push(method.name), ruledBy(rules));
  const { channel } = await serve([handlers], [validation()]);
  return { channel, handled };
}

const atMostFive: Pick<FieldRules, "type"> = create(FieldRulesSchema, {
  type: { case: "string", value: { maxLen: 5n, prefix: "" } },
});

test.each(patternCalls)("%s: an invalid message is refused, with its field", async (_, call) => {
  const { channel, handled } = await start(atMostFive);
  const refusal = await failureOf(call(channel, { request: { service: "too long" } }));
  expect(refusal.code).toBe("INVALID_ARGUMENT");
  expect(refusal.findDetails(BadRequestSchema)).toMatchObject([
    {
      fieldViolations: [{ field: "service", description: expect.stringContaining("5 characters") }],
    },
  ]);
  expect(handled).toEqual([]);
});

test.each(patternCalls)("%s: a valid message passes", async (name, call) => {
  const { channel, handled } = await start(atMostFive);
  await call(channel, { request: { service: "short" } });
  expect(handled).toEqual([name]);
});

test("a rule that cannot be compiled prevents the start of the server", async () => {
  const rules = create(FieldRulesSchema, { cel: [{ id: "bad", expression: "this.nonsense(" }] });
  await expect(start(rules)).rejects.toThrow(
    /^the rules of grpc\.health\.v1\.HealthCheckRequest cannot be used: /,
  );
});

test("methods without rules have no interceptor", async () => {
  const methods = [...patternMethods, ...Object.values(ruledBy(atMostFive))];
  const scope = { methods, environment: "test" } as const;
  const interceptorsOf = await interceptorsByMethod([validation()], scope);
  expect(methods.map((method) => interceptorsOf(method).length)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});

test("without protovalidate, a proto with rules prevents the start of the server", async () => {
  vi.doMock("@bufbuild/protovalidate", () => {
    throw new Error("not installed");
  });
  const { channel } = await serve([implementPatterns(() => {})], [validation()]);
  await unaryCall(channel);
  await expect(start(atMostFive)).rejects.toThrow(
    "the proto has protovalidate rules: npm install @bufbuild/protovalidate",
  );
});
