import { create } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { healthServiceDefinition } from "../../../runtime/src/health/index.ts";
import { implement, type MessageHook, type ServerCall } from "../../../runtime/src/index.ts";
import { requestDetail } from "../../../runtime/src/interceptors/index.ts";
import { createTestContext } from "../../../runtime/src/testing/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { requestWith } from "../support/changed-request.ts";
import {
  implementPatterns,
  patternCalls,
  patternsTaking,
  unaryCall,
} from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";

async function start(definition?: ReturnType<typeof patternsTaking>) {
  const { logger, lines } = recordingLogger();
  const handlers = implementPatterns(() => {}, definition);
  const { channel } = await serve([handlers], [requestDetail({ logger })]);
  return { channel, logger, lines };
}

test.each(patternCalls)("%s: every request is logged", async (name, call) => {
  const { channel, lines } = await start();
  await call(channel, { request: { service: "shop" } });
  const method = `/test.Patterns/${name}`;
  expect(lines.at(-1)).toMatchObject({ level: "debug", method, request: { service: "shop" } });
  expect(lines).toHaveLength(name.endsWith("Streaming") && !name.startsWith("Server") ? 2 : 1);
});

test.each(patternCalls)("%s: fields with debug_redact are redacted", async (_name, call) => {
  const redacting = requestWith((options) => {
    options.debugRedact = true;
  });
  const { channel, lines } = await start(patternsTaking(redacting));
  await call(channel, { request: { service: "hunter2" } });
  expect(lines.at(-1)).toMatchObject({ request: { service: "[Redacted]" } });
  expect(JSON.stringify(lines)).not.toContain("hunter2");
});

test("long texts are truncated", async () => {
  const { channel, lines } = await start();
  await unaryCall(channel, { request: { service: "x".repeat(10_000) } });
  expect(JSON.stringify(lines)).toContain("x".repeat(200));
  expect(JSON.stringify(lines)).not.toContain("x".repeat(201));
});

test("nothing is logged at other levels", async () => {
  const { channel, logger, lines } = await start();
  logger.level = "info";
  for (const [, call] of patternCalls) await call(channel);
  expect(lines).toEqual([]);
});

test("nested messages, lists and maps", async () => {
  const { logger, lines } = recordingLogger();
  const hooks: MessageHook[] = [];
  const { check } = healthServiceDefinition;
  const call: ServerCall = {
    ...createTestContext(),
    method: { ...check, descriptor: { ...check.descriptor, input: StructSchema } },
    onRequest: (hook) => void hooks.push(hook),
    onResponse: () => {},
  };
  await requestDetail({ logger })(call, async () => {});
  const text = (value: string) => ({ kind: { case: "stringValue", value } as const });
  const request = create(StructSchema, {
    fields: {
      password: text("hunter2"),
      list: { kind: { case: "listValue", value: { values: [text("a"), text("b")] } } },
    },
  });
  for (const hook of hooks) await hook(request);
  expect(lines).toMatchObject([
    {
      request: {
        fields: {
          password: "[Redacted]",
          list: { list_value: { values: [{ string_value: "a" }, { string_value: "b" }] } },
        },
      },
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain("hunter2");
});

test("bytes are logged as a count", async () => {
  const { logger, lines } = recordingLogger();
  const handlers = implement(echoDefinition, { unary: async () => ({}) });
  const { client } = await serve([handlers], [requestDetail({ logger })]);
  await client(EchoClient).unary({ data: new Uint8Array(3), number: 7 });
  expect(lines).toMatchObject([{ request: { data: "3 bytes", number: 7 } }]);
});
