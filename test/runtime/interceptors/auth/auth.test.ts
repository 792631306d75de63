import { SignJWT } from "jose";
import { expect, test } from "vitest";
import type { CallContext } from "../../../../runtime/src/index.ts";
import { auth, jwtAuthenticator } from "../../../../runtime/src/interceptors/auth/index.ts";
import { type Identity, identityOf } from "../../../../runtime/src/interceptors/index.ts";
import {
  implementPatterns,
  outcomeOf,
  patternCalls,
  unaryCall,
} from "../../support/four-patterns.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { serve } from "../../support/serve.ts";

const secret = "a secret of this test that is long enough";
const config = {
  keys: { kind: "secret", secret },
  issuer: "issuer",
  audience: "shop",
  clockToleranceS: 5,
} as const;
const { logger } = recordingLogger();
const now = new Date("2030-01-01T00:00:00Z");

/** Serves handlers that require an identity, and keeps the identities. */
async function start(publicMethods: string[] = [], scopes: Record<string, string[]> = {}) {
  const seen: Identity[] = [];
  const remember = (context: CallContext) => seen.push(identityOf(context));
  const authenticate = jwtAuthenticator(config, { clock: () => now, logger });
  const { channel } = await serve(
    [implementPatterns(remember)],
    [auth({ authenticate, publicMethods, scopes })],
  );
  return { channel, seen };
}

function token(claims: Record<string, unknown> = {}, key = secret): Promise<string> {
  const expiry = now.getTime() / 1000 + 60;
  return new SignJWT({ sub: "ada", iss: "issuer", aud: "shop", exp: expiry, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(key));
}

test.each(patternCalls)("%s: the handler gets the identity of the token", async (_name, call) => {
  const { channel, seen } = await start();
  const authorization = `Bearer ${await token({ scope: "users.read users.write" })}`;
  await call(channel, { metadata: { authorization, "user-id": "root" } });
  expect(seen).toMatchObject([{ subject: "ada", scopes: ["users.read", "users.write"] }]);
});

test.each(patternCalls)("%s: a call without a token is refused", async (_name, call) => {
  const { channel, seen } = await start();
  await expect(call(channel)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(seen).toEqual([]);
});

const [header, payload] = (await token()).split(".");
const past = now.getTime() / 1000 - 60;
const refused: [what: string, authorization: string][] = [
  ["another scheme", `Basic ${await token()}`],
  ["a bare token", await token()],
  ["no token after the scheme", "Bearer "],
  ["two tokens", `Bearer ${await token()} ${await token()}`],
  ["a text that is not a token", "Bearer nonsense"],
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
  const { channel, seen } = await start();
  for (const [, call] of patternCalls) {
    await expect(call(channel, { metadata: { authorization } })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  }
  expect(seen).toEqual([]);
});

test.each(patternCalls)("%s: the token must have the scope of the method", async (name, call) => {
  const { channel, seen } = await start([], { [`test.Patterns/${name}`]: ["users.write"] });
  const metadataWith = async (scope: string) => ({
    authorization: `Bearer ${await token({ scope })}`,
  });
  const reader = call(channel, { metadata: await metadataWith("users.read") });
  await expect(reader).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
    rawMessage: "this call needs a token with the scope users.write",
  });
  await call(channel, { metadata: await metadataWith("users.read users.write") });
  expect(seen).toHaveLength(1);
});

test("a cached token is refused once it has expired", async () => {
  let time = now;
  const authenticate = jwtAuthenticator(config, { clock: () => time, logger });
  const good = await token({ exp: now.getTime() / 1000 + 30 });
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  for (const seconds of [0, 1, 29, 31]) {
    time = later(seconds);
    expect(await authenticate(good)).toMatchObject({ subject: "ada", scopes: [] });
  }
  time = later(36); // past the tolerance
  await expect(authenticate(good)).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    rawMessage: "the token has expired",
  });
});

test("clocks may differ by the tolerance", async () => {
  const { channel } = await start();
  const metadataWith = async (exp: number) => ({ authorization: `Bearer ${await token({ exp })}` });
  const seconds = now.getTime() / 1000;
  for (const [, call] of patternCalls) {
    await call(channel, { metadata: await metadataWith(seconds - 4) });
    const late = call(channel, { metadata: await metadataWith(seconds - 6) });
    await expect(late).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  }
});

test("a public method needs no token, the other methods do", async () => {
  const authenticate = jwtAuthenticator(config, { clock: () => now, logger });
  const publicMethods = ["test.Patterns/Unary"];
  const { channel } = await serve(
    [implementPatterns(() => {})],
    [auth({ authenticate, publicMethods })],
  );
  const outcomes = patternCalls.map(([, call]) => outcomeOf(call(channel)));
  expect(await Promise.all(outcomes)).toEqual([
    "OK",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
    "UNAUTHENTICATED",
  ]);
});

test("an invalid token is refused in a public method too", async () => {
  const { channel } = await start(["test.Patterns/Unary"]);
  const metadata = { authorization: "Bearer nonsense" };
  // Not by the handler, which would refuse an anonymous call.
  await expect(unaryCall(channel, { metadata })).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    rawMessage: "the token is not valid",
  });
});

test("identityOf refuses an anonymous call of a public method", async () => {
  const { channel } = await start(["test.Patterns/Unary"]);
  await expect(unaryCall(channel)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a method that is not served prevents the start of the server", async () => {
  const problem = "an interceptor is for test.Patterns/Unray, which is not served";
  await expect(start(["test.Patterns/Unray"])).rejects.toThrow(problem);
  await expect(start([], { "test.Patterns/Unray": ["x"] })).rejects.toThrow(problem);
});
