import { expect, test } from "vitest";
import type { TokenConfig } from "../../../runtime/src/config/index.ts";
import type { CallContext } from "../../../runtime/src/index.ts";
import { auth, jwtAuthenticator } from "../../../runtime/src/interceptors/auth/index.ts";
import { identityOf } from "../../../runtime/src/interceptors/index.ts";
import { implementPatterns, outcomeOf, patternCalls, unaryCall } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { serve } from "../support/serve.ts";
import { connectTo, loadClientConfig, startRecording } from "./connect-to.ts";

const secret = "a secret of this test that is long enough";

/** Serves the patterns to calls with a token of these settings, and keeps the subjects. */
async function startAuthenticating(config: TokenConfig) {
  const subjects: string[] = [];
  const { logger } = recordingLogger();
  const authenticate = jwtAuthenticator(config, { clock: () => new Date(), logger });
  const handlers = implementPatterns((context: CallContext) =>
    subjects.push(identityOf(context).subject),
  );
  return { ...(await serve([handlers], [auth({ authenticate })])), subjects };
}

test.each(patternCalls)("%s: a token is signed with AUTH_JWT_SECRET", async (_name, call) => {
  const variables = { AUTH_JWT_SECRET: secret };
  const { address, subjects } = await startAuthenticating(loadClientConfig(variables).auth);
  const { channel, options } = await connectTo(address, variables);
  await call(channel, options);
  expect(subjects).toEqual(["demo"]);
  const other = await connectTo(address, { AUTH_JWT_SECRET: `another ${secret}` });
  expect(await outcomeOf(call(other.channel, other.options))).toBe("UNAUTHENTICATED");
});

test("CLIENT_TOKEN is sent as it is", async () => {
  const { address, received } = await startRecording();
  const variables = { AUTH_JWT_SECRET: secret, CLIENT_TOKEN: "given" };
  const { channel, options } = await connectTo(address, variables);
  await unaryCall(channel, options);
  expect(received).toMatchObject([{ authorization: "Bearer given" }]);
});

test.each([
  ["with AUTH=off", { AUTH: "off" }],
  [
    "with a key set",
    { AUTH_JWKS_URL: "https://idp.example/jwks", AUTH_ISSUER: "i", AUTH_AUDIENCE: "a" },
  ],
])("%s no token is sent", async (_what, variables) => {
  const { address, received } = await startRecording();
  const { channel, options } = await connectTo(address, variables);
  await unaryCall(channel, options);
  expect(received).toHaveLength(1);
  expect(received[0]).not.toHaveProperty("authorization");
});
