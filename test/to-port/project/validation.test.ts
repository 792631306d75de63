import { create, setExtension } from "@bufbuild/protobuf";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { afterEach, expect, test } from "vitest";
import { BadRequestSchema } from "../src/gen/runtime/error-details.ts";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { layersByMethod } from "../src/interceptors/select.ts";
import { validation } from "../src/interceptors/validation.ts";
import { requestWith } from "./changed-request.ts";
import {
  implementPatterns,
  patternCalls,
  patternMethods,
  patternsTaking,
} from "./four-patterns.ts";
import { startTestServer, type TestServer } from "./support.ts";

let server: TestServer | undefined;
let handled: string[];
afterEach(() => server?.close());

/** Serves the four patterns; their only field has these rules. */
async function start(rules: Partial<Pick<FieldRules, "cel" | "type">>): Promise<void> {
  const ruled = requestWith((options) => {
    setExtension(options, fieldRules, create(FieldRulesSchema, rules));
  });
  const definition = patternsTaking(ruled);
  const methods = Object.values(definition);
  const layers = layersByMethod([await validation({ methods })], { methods, environment: "test" });
  handled = [];
  const handlers = implementPatterns(({ method }) => handled.push(method.name), definition);
  server = await startTestServer([handlers], layers);
}

const atMostFive: Pick<FieldRules, "type"> = create(FieldRulesSchema, {
  type: { case: "string", value: { maxLen: 5n, prefix: "" } },
});

test.each(patternCalls)(
  "%s: a bad message is refused, and its field is named",
  async (_name, call) => {
    await start(atMostFive);
    if (server === undefined) throw new Error("not started");
    const refusal = await call(server.channel, { request: { service: "too long" } }).then(
      () => undefined,
      GrpcError.from,
    );
    expect(refusal?.code).toBe("INVALID_ARGUMENT");
    expect(refusal?.findDetails(BadRequestSchema)).toMatchObject([
      {
        fieldViolations: [
          { field: "service", description: expect.stringContaining("5 characters") },
        ],
      },
    ]);
    expect(handled).toEqual([]);
  },
);

test.each(patternCalls)("%s: a good message passes", async (name, call) => {
  await start(atMostFive);
  if (server === undefined) throw new Error("not started");
  await call(server.channel, { request: { service: "short" } });
  expect(handled).toEqual([name]);
});

test("rules that make no sense keep the server from starting", async () => {
  const rules = create(FieldRulesSchema, { cel: [{ id: "bad", expression: "this.nonsense(" }] });
  await expect(start(rules)).rejects.toThrow(
    /^the rules of grpc\.health\.v1\.HealthCheckRequest cannot be used: /,
  );
});

test("methods without rules are left alone", async () => {
  expect(await validation({ methods: patternMethods })).toBeUndefined();
});
