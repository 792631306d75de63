import { SignJWT } from "jose";
import { afterEach, expect, test } from "vitest";
import { auth, type Identity, identityOf } from "../src/interceptors/auth.ts";
import { jwtAuthenticator } from "../src/interceptors/jwt.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

const secret = "a secret of this test that is long enough";
const config = {
  keys: { kind: "secret", secret },
  issuer: "issuer",
  audience: "shop",
  clockToleranceS: 5,
} as const;
const { logger } = recordingLogger();
const now = new Date("2030-01-01T00:00:00Z");

let server: TestServer;
let seen: Identity[];
afterEach(() => server?.close());

async function start(
  publicMethods: string[] = [],
  scopes: Record<string, string[]> = {},
): Promise<void> {
  seen = [];
  const authenticate = jwtAuthenticator(config, { clock: () => now, logger });
  const services = [implementPatterns((context) => seen.push(identityOf(context)))];
  server = await startTestServer(services, [
    auth({ authenticate, publicMethods, scopes, methods: patternMethods }),
  ]);
}

function token(claims: Record<string, unknown> = {}, key = secret): Promise<string> {
  const expiry = now.getTime() / 1000 + 60;
  return new SignJWT({ sub: "ada", iss: "issuer", aud: "shop", exp: expiry, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(key));
}

test.each(patternCalls)("%s: the handler learns who calls, from the token", async (_name, call) => {
  await start();
  const authorization = `Bearer ${await token({ scope: "users.read users.write" })}`;
  await call(server.channel, { metadata: { authorization, "user-id": "root" } });
  expect(seen).toEqual([{ subject: "ada", scopes: ["users.read", "users.write"] }]);
});

test.each(patternCalls)("%s: no token, no call", async (_name, call) => {
  await start();
  await expect(call(server.channel)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(seen).toEqual([]);
});

const [header, payload] = (await token()).split(".");
const past = now.getTime() / 1000 - 60;
const refused: [what: string, authorization: string][] = [
  ["another scheme", `Basic ${await token()}`],
  ["a bare token", await token()],
  ["no token after the scheme", "Bearer "],
  ["two tokens", `Bearer ${await token()} ${await token()}`],
  ["no token at all", "Bearer nonsense"],
  ["an expired token", `Bearer ${await token({ exp: past })}`],
  ["a token that never expires", `Bearer ${await token({ exp: undefined })}`],
  ["a token that is not valid yet", `Bearer ${await token({ nbf: now.getTime() / 1000 + 60 })}`],
  ["another audience", `Bearer ${await token({ aud: "bank" })}`],
  ["another issuer", `Bearer ${await token({ iss: "somebody" })}`],
  ["no subject", `Bearer ${await token({ sub: undefined })}`],
  ["an empty subject", `Bearer ${await token({ sub: "" })}`],
  ["another key", `Bearer ${await token({}, "another secret that is long enough, too")}`],
  ["a missing signature", `Bearer ${header}.${payload}.`],
  ["no algorithm", `Bearer ${btoa('{"alg":"none"}')}.${payload}.`],
];

test.each(refused)("%s is refused", async (_what, authorization) => {
  await start();
  for (const [, call] of patternCalls) {
    const reply = call(server.channel, { metadata: { authorization } });
    await expect(reply).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
  expect(seen).toEqual([]);
});

test.each(patternCalls)("%s: a token needs the scope of the method", async (name, call) => {
  await start([], { [`test.Patterns/${name}`]: ["users.write"] });
  const metadataWith = async (scope: string) => ({
    authorization: `Bearer ${await token({ scope })}`,
  });
  const reader = call(server.channel, { metadata: await metadataWith("users.read") });
  await expect(reader).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await call(server.channel, { metadata: await metadataWith("users.read users.write") });
  expect(seen).toHaveLength(1);
});

test("a token that was good is checked again when its time is over", async () => {
  let time = now;
  const authenticate = jwtAuthenticator(config, { clock: () => time, logger });
  const good = await token({ exp: now.getTime() / 1000 + 30 });
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  for (const seconds of [0, 1, 29, 31]) {
    time = later(seconds);
    expect(await authenticate(good)).toEqual({ subject: "ada", scopes: [] });
  }
  time = later(36); // past the tolerance
  await expect(authenticate(good)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("clocks may differ a little", async () => {
  await start();
  const metadataWith = async (exp: number) => ({ authorization: `Bearer ${await token({ exp })}` });
  const seconds = now.getTime() / 1000;
  for (const [, call] of patternCalls) {
    await call(server.channel, { metadata: await metadataWith(seconds - 4) });
    const late = call(server.channel, { metadata: await metadataWith(seconds - 6) });
    await expect(late).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
});

test("a public method needs no token, its neighbours do", async () => {
  const authenticate = jwtAuthenticator(config, { clock: () => now, logger });
  const publicMethods = ["test.Patterns/Unary"];
  server = await startTestServer(
    [implementPatterns(() => {})],
    [auth({ authenticate, publicMethods, methods: patternMethods })],
  );
  const outcomes = patternCalls.map(([, call]) =>
    call(server.channel).then(
      () => "OK",
      ({ code }) => code,
    ),
  );
  expect(await Promise.all(outcomes)).toEqual([
    "OK",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
  ]);
});

test("a handler that needs an identity has none in an anonymous call", async () => {
  await start(["test.Patterns/Unary"]);
  const [, unary] = patternCalls[0] ?? [];
  await expect(unary?.(server.channel)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a method that nobody serves stops the server from starting", async () => {
  const problem = "an interceptor is for test.Patterns/Unray, which is not served";
  await expect(start(["test.Patterns/Unray"])).rejects.toThrow(problem);
  await expect(start([], { "test.Patterns/Unray": ["x"] })).rejects.toThrow(problem);
});
