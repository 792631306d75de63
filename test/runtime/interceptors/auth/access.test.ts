import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createContextKey } from "../../../../runtime/src/index.ts";
import {
  type AuthOptions,
  auth,
  jwtAuthenticator,
} from "../../../../runtime/src/interceptors/auth/index.ts";
import { callerOf, type Identity } from "../../../../runtime/src/interceptors/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../../support/four-patterns.ts";
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

function token(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ sub: "ada", iss: "issuer", aud: "shop", ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1 minute")
    .sign(new TextEncoder().encode(secret));
}

const authenticate = jwtAuthenticator(config, { clock: () => new Date(), logger });

async function start<T>(options: Partial<AuthOptions<T>>, seen: (identity?: Identity) => unknown) {
  const service = implementPatterns((context) => seen(callerOf(context)));
  const { channel } = await serve([service], [auth({ authenticate, ...options })]);
  return channel;
}

const withToken = async (claims: Record<string, unknown> = {}) => ({
  metadata: { authorization: `Bearer ${await token(claims)}` },
});

describe("what a token says", () => {
  test.each([
    [{ scope: "a b" }, ["a", "b"]],
    [{ scope: ["a", "b"] }, ["a", "b"]],
    [{ scp: ["a", "b"] }, ["a", "b"]],
    [{ scp: "a b" }, ["a", "b"]],
    [{ scope: "a", scp: ["b", "a"] }, ["a", "b"]],
    [{ scope: " a  b " }, ["a", "b"]],
    [{ scope: 7, scp: [1, "a"] }, ["a"]],
  ])("scopes of %j", async (claims, scopes) => {
    expect(await authenticate(await token(claims))).toMatchObject({ scopes });
  });

  test.each([[7], [["ada"]], [{ name: "ada" }], [true]])("a subject %j is refused", async (sub) => {
    const refused = authenticate(await token({ sub }));
    await expect(refused).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("all claims reach the handler", async () => {
    const seen: unknown[] = [];
    const channel = await start({}, (identity) => seen.push(identity?.claims));
    await unaryCall(channel, await withToken({ tenant: "acme" }));
    expect(seen).toMatchObject([{ sub: "ada", tenant: "acme" }]);
  });

  test("claims are read into a type of one's own, or the token is refused", async () => {
    const tenantKey = createContextKey("tenant", "");
    const tenants: string[] = [];
    const service = implementPatterns((context) => tenants.push(context.get(tenantKey)));
    const read = ({ tenant }: Readonly<Record<string, unknown>>) => {
      if (typeof tenant !== "string") throw new Error(`not a tenant: ${tenant}`);
      return tenant;
    };
    const { channel } = await serve(
      [service],
      [auth({ authenticate, claims: { key: tenantKey, read } })],
    );
    await unaryCall(channel, await withToken({ tenant: "acme" }));
    expect(tenants).toEqual(["acme"]);
    await expect(unaryCall(channel, await withToken({ tenant: 7 }))).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      rawMessage: "the token is not valid",
    });
  });
});

describe.each(patternCalls)("access by option: %s", (_name, call) => {
  test("a method that an option makes public needs no token", async () => {
    const channel = await start({ isPublic: () => true }, () => {});
    await call(channel);
  });

  test("a method needs the scopes of its option, beside those of its name", async () => {
    const channel = await start({ scopesOf: ({ name }) => [`call.${name}`] }, () => {});
    const scope = "call.Unary call.ServerStreaming call.ClientStreaming call.BidiStreaming";
    await call(channel, await withToken({ scope }));
    await expect(call(channel, await withToken())).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });
});
