import { expect, test } from "vitest";
import { jwtAuthenticator, signToken } from "../../../../runtime/src/interceptors/auth/index.ts";
import { recordingLogger } from "../../support/recording-logger.ts";

const parties = { issuer: "issuer", audience: "shop", clockToleranceS: 5 };
const secret = "a secret of this test that is long enough";
const config = { ...parties, keys: { kind: "secret", secret } } as const;

test("a signed token is accepted for five minutes", async () => {
  let time = new Date();
  const { logger } = recordingLogger();
  const authenticate = jwtAuthenticator(config, { clock: () => time, logger });
  const token = await signToken(config, "ada", ["users.read", "users.write"]);
  expect(await authenticate(token)).toMatchObject({
    subject: "ada",
    scopes: ["users.read", "users.write"],
  });
  expect(await authenticate(await signToken(config, "grace"))).toMatchObject({
    subject: "grace",
    scopes: [],
  });
  time = new Date(time.getTime() + 310_000);
  await expect(authenticate(token)).rejects.toMatchObject({ rawMessage: "the token has expired" });
});

test("a key set cannot sign", async () => {
  const url = new URL("https://idp.example/jwks");
  await expect(signToken({ ...parties, keys: { kind: "jwks", url } }, "ada")).rejects.toThrow(
    "signing a token needs AUTH_JWT_SECRET",
  );
});
