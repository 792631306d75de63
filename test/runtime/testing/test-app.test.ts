import { readFileSync } from "node:fs";
import { ChannelCredentials } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import type { Resource } from "../../../runtime/src/app/index.ts";
import {
  HealthCheckResponse_ServingStatus,
  HealthClient,
} from "../../../runtime/src/health/client.ts";
import { startTestApp, type TestAppOptions } from "../../../runtime/src/testing/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { Authority } from "../support/authority.ts";
import { cleanUp, failure } from "../support/echo.ts";
import { type Config, type Dependencies, program } from "./echo-program.ts";

const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;

async function start(options: TestAppOptions<Config, Dependencies> = {}) {
  const app = await startTestApp(program, options);
  cleanUp(() => app.close());
  return app;
}

test("calls have a token, those of anonymous clients have none", async () => {
  const { address, client, anonymous } = await start();
  expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await client(EchoClient).unary({})).text).toBe("hello world test-user");
  const refused = client(EchoClient, anonymous).unary({});
  expect(await failure(refused)).toMatchObject({ code: "UNAUTHENTICATED" });
  await client(HealthClient, anonymous).check({});
});

test("channel and options make other clients", async () => {
  const { channel, options } = await start();
  const { text } = await new EchoClient(channel, options).unary({});
  expect(text).toBe("hello world test-user");
});

test("subject and scopes of the token", async () => {
  const { client } = await start({ subject: "ada", scopes: ["users.read", "users.write"] });
  const { text } = await client(EchoClient).unary({});
  expect(text).toBe("hello world ada users.read users.write");
});

test("metadata is sent with every call, with and without a token", async () => {
  const { client, anonymous } = await start({
    metadata: { "x-tenant": "acme" },
    variables: { AUTH: "off" },
  });
  expect((await client(EchoClient).unary({})).text).toBe("hello world nobody acme");
  expect((await client(EchoClient, anonymous).unary({})).text).toBe("hello world nobody acme");
});

test("settings of a test", async () => {
  const { config } = await start();
  expect(config).toMatchObject({
    environment: "test",
    address: "127.0.0.1:0",
    logLevel: "silent",
    shutdownGraceMs: 100,
    limits: { maxWaitMs: 0 },
    tls: undefined,
  });
});

test("variables replace settings of a test; those of the process are not read", async () => {
  process.env.GREETING = "bye";
  cleanUp(() => {
    delete process.env.GREETING;
  });
  expect((await start()).config.greeting).toBe("hello");
  const { client, config } = await start({ variables: { GREETING: "hi", ENV: "development" } });
  expect(config.environment).toBe("development");
  expect((await client(EchoClient).unary({})).text).toBe("hi world test-user");
});

test("a variable that is wrong is refused", async () => {
  await expect(start({ variables: { ADDRESS: "nowhere" } })).rejects.toThrow(
    /^ADDRESS must be host:port/,
  );
});

test("settings and dependencies can be replaced", async () => {
  const app = await start({ config: { greeting: "hey" }, dependencies: { name: "moon" } });
  expect(app.config.greeting).toBe("hey");
  expect(app.dependencies.name).toBe("moon");
  expect((await app.client(EchoClient).unary({})).text).toBe("hey moon test-user");
});

test("with AUTH=off no token is sent", async () => {
  const { client } = await start({ variables: { AUTH: "off" } });
  expect((await client(EchoClient).unary({})).text).toBe("hello world nobody");
});

test("with a key set no token can be signed: calls are anonymous", async () => {
  const { client } = await start({
    variables: {
      AUTH_JWKS_URL: "http://127.0.0.1:1/jwks",
      AUTH_ISSUER: "issuer",
      AUTH_AUDIENCE: "audience",
    },
  });
  const call = client(EchoClient).unary({});
  expect(await failure(call)).toMatchObject({
    code: "UNAUTHENTICATED",
    rawMessage: "authorization must be: Bearer <token>",
  });
});

/** A resource that records what happens to it. */
function recordedResource(events: string[], name: string, fails?: "open" | "close"): Resource {
  const record = (event: "open" | "close") => async () => {
    events.push(`${event} ${name}`);
    if (fails === event) throw new Error(`${event} failed`);
  };
  return { open: record("open"), close: record("close") };
}

test("resources are opened at the start and closed at the end", async () => {
  const events: string[] = [];
  const resources = { database: recordedResource(events, "database") };
  const app = await start({ dependencies: { resources } });
  expect(events).toEqual(["open database"]);
  await app.close();
  expect(events).toEqual(["open database", "close database"]);
});

test("when the start fails, resources are closed", async () => {
  const events: string[] = [];
  const database = recordedResource(events, "database");
  const resources = { database, cache: recordedResource(events, "cache", "open") };
  await expect(start({ dependencies: { resources } })).rejects.toThrow(
    "cache cannot be opened: open failed",
  );
  expect(events).toEqual(["open database", "open cache", "close database", "close cache"]);
});

test("when the app cannot be created, resources are closed", async () => {
  const events: string[] = [];
  const resources = { database: recordedResource(events, "database") };
  const failing = {
    ...program,
    createApp: () => {
      throw new Error("no such service");
    },
  };
  const starting = startTestApp(failing, { dependencies: { resources } });
  await expect(starting).rejects.toThrow("no such service");
  expect(events).toEqual(["close database"]);
});

test.each([
  ["[::1]:0", /^\[::1\]:\d+$/],
  ["0.0.0.0:0", /^127\.0\.0\.1:\d+$/],
  ["localhost:0", /^localhost:\d+$/],
])("an app that listens on %s can be called", async (ADDRESS, shown) => {
  const { address, client } = await start({
    variables: { ADDRESS, AUTH_JWT_SECRET: "a secret of at least 32 bytes ..." },
  });
  expect(address).toMatch(shown);
  expect((await client(EchoClient).unary({})).text).toBe("hello world test-user");
});

test("an app with TLS needs the credentials of its channel", { tags: "openssl" }, async () => {
  const authority = new Authority();
  const { cert, key } = authority.issue("server", "server");
  const variables = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
  const app = await start({ variables });
  expect(() => app.client(EchoClient)).toThrow(
    "the app has TLS: give startTestApp the `credentials` of its channel",
  );
  const credentials = ChannelCredentials.createSsl(readFileSync(authority.ca));
  const { client } = await start({
    variables: { ...variables, ADDRESS: "localhost:0" },
    credentials,
  });
  expect((await client(EchoClient).unary({})).text).toBe("hello world test-user");
});

test("the error of a failed start is thrown, even if a resource cannot be closed", async () => {
  const events: string[] = [];
  const database = recordedResource(events, "database", "close");
  const resources = { database, cache: recordedResource(events, "cache", "open") };
  await expect(start({ dependencies: { resources } })).rejects.toThrow(
    "cache cannot be opened: open failed",
  );
  expect(events).toContain("close database");
});

test("stop drains the app as a signal does; the channel stays open", async () => {
  const app = await start();
  const health = app.client(HealthClient, app.anonymous);
  const watch = health.watch({})[Symbol.asyncIterator]();
  expect((await watch.next()).value).toMatchObject({ status: SERVING });
  const next = watch.next();
  const stopped = app.stop();
  expect((await next).value).toMatchObject({ status: NOT_SERVING });
  await stopped;
  expect(await failure(app.client(EchoClient).unary({}))).toMatchObject({ code: "UNAVAILABLE" });
});
