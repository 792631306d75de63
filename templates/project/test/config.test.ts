import { expect, test } from "vitest";
import { loadClientConfig } from "../src/client/config.ts";
import { ConfigError } from "../src/config/env-reader.ts";
import { loadConfig } from "../src/config.ts";

const secret = "a-secret-that-is-long-enough-for-hs256";
const parties = { AUTH_ISSUER: "issuer", AUTH_AUDIENCE: "shop" };

function problemsOf(
  variables: NodeJS.ProcessEnv,
  load: typeof loadConfig | typeof loadClientConfig = loadConfig,
) {
  try {
    load(variables);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

test("nothing has to be set for development", () => {
  expect(loadConfig({})).toMatchObject({
    environment: "development",
    address: "127.0.0.1:50051",
    logLevel: "info",
    shutdownGraceMs: 10_000,
    limits: { maxMessageBytes: 4_194_304 },
  });
});

test("an empty variable counts as not set", () => {
  expect(loadConfig({ ADDRESS: "", TLS_CERT_FILE: " ", DATABASE_URL: "" })).toEqual(loadConfig({}));
});

test.each([
  [{ ENV: "prod" }, 'ENV must be development, test, production, not "prod"'],
  [{ ADDRESS: "localhost" }, 'ADDRESS must be host:port, such as 127.0.0.1:50051, not "localhost"'],
  [{ ADDRESS: "localhost:70000" }, /^ADDRESS must be host:port/],
  [{ ADDRESS: "localhost:8080;x" }, /^ADDRESS must be host:port/],
  [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL must be trace, /],
  [{ SHUTDOWN_GRACE_MS: "-1" }, /^SHUTDOWN_GRACE_MS must be a whole number from 0 to 600000/],
  [{ MAX_MESSAGE_BYTES: "4MiB" }, /^MAX_MESSAGE_BYTES must be a whole number/],
  [{ MAX_CONCURRENT_STREAMS: "0" }, /^MAX_CONCURRENT_STREAMS must be a whole number from 1/],
  [{ DATABASE_URL: "mysql://db" }, /^DATABASE_URL must be a URL that starts with postgres:/],
  [{ REDIS_URL: "somewhere" }, /^REDIS_URL must be a URL that starts with redis:/],
  [{ TLS_CERT_FILE: "a.crt" }, "TLS_KEY_FILE must be set too when TLS_CERT_FILE is"],
  [{ TLS_KEY_FILE: "a.key" }, "TLS_CERT_FILE must be set too when TLS_KEY_FILE is"],
  [{ TLS_CLIENT_CA_FILE: "ca.crt" }, "TLS_CLIENT_CA_FILE needs TLS_CERT_FILE and TLS_KEY_FILE"],
  [{ AUTH_JWT_SECRET: "short" }, "AUTH_JWT_SECRET must have at least 32 bytes"],
  [
    { AUTH_JWKS_URL: "http://idp.example/jwks", ...parties },
    /^AUTH_JWKS_URL must start with https:/,
  ],
  [
    { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: "https://idp.example/jwks", ...parties },
    "AUTH_JWKS_URL and AUTH_JWT_SECRET exclude each other: set one",
  ],
])("%j is refused in one line", (variables, problem) => {
  const problems = problemsOf(variables);
  expect(problems).toEqual([problem instanceof RegExp ? expect.stringMatching(problem) : problem]);
});

test("all problems are reported at once", () => {
  const problems = problemsOf({ ENV: "prod", ADDRESS: "x", TLS_KEY_FILE: "a.key" });
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
    "ENV",
    "ADDRESS",
    "TLS_CERT_FILE",
  ]);
});

test("a problem never quotes a password", () => {
  const variables = { DATABASE_URL: "mysql://app:hunter2@db", AUTH_JWT_SECRET: "hunter2" };
  const problems = problemsOf(variables);
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain("hunter2");
});

test("production insists on keys, issuer and audience", () => {
  const problems = problemsOf({ ENV: "production" });
  expect(problems).toEqual([
    "AUTH_JWKS_URL or AUTH_JWT_SECRET must be set when ENV=production",
    "AUTH_ISSUER must be set when ENV=production",
    "AUTH_AUDIENCE must be set when ENV=production",
  ]);
  const keySet = { AUTH_JWKS_URL: "https://idp.example/jwks" };
  expect(problemsOf(keySet)).toEqual([
    "AUTH_ISSUER must be set with AUTH_JWKS_URL",
    "AUTH_AUDIENCE must be set with AUTH_JWKS_URL",
  ]);
  const { keys } = loadConfig({}).auth;
  const known = keys.kind === "secret" ? keys.secret : "";
  expect(problemsOf({ ENV: "production", AUTH_JWT_SECRET: known, ...parties })).toHaveLength(1);
  const complete = { AUTH_JWT_SECRET: secret, ...parties };
  expect(problemsOf({ ENV: "production", ADDRESS: "0.0.0.0:50051", ...complete })).toEqual([]);
});

test.each(["0.0.0.0:50051", "[::]:50051", "10.1.2.3:50051", "example.com:50051"])(
  "everybody knows the development key: it does not serve %s",
  (address) => {
    expect(problemsOf({ ADDRESS: address })).toEqual([expect.stringMatching(/^ADDRESS /)]);
    expect(problemsOf({ ADDRESS: address, AUTH_JWT_SECRET: secret })).toEqual([]);
  },
);

test("the client follows the server's port, and refuses half a key pair", () => {
  expect(loadClientConfig({ ADDRESS: "0.0.0.0:6000" }).address).toBe("localhost:6000");
  expect(loadClientConfig({ SERVER_ADDRESS: "shop.example:443" }).address).toBe("shop.example:443");
  const variables = { CLIENT_CA_FILE: "ca.crt", CLIENT_KEY_FILE: "client.key" };
  expect(problemsOf(variables, loadClientConfig)).toEqual([
    "CLIENT_CERT_FILE must be set too when CLIENT_KEY_FILE is",
  ]);
});
