import { expect, test } from "vitest";
import { loadClientConfig } from "../src/client/config.ts";
import { describeConfig, envExample } from "../src/config/describe.ts";
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
    logLevel: "debug",
    shutdownGraceMs: 2000,
    metricsAddress: undefined,
    reflection: true,
    limits: { maxReceiveMessageBytes: 4_194_304 },
  });
});

test("an empty variable counts as not set", () => {
  expect(loadConfig({ ADDRESS: "", TLS_CERT_FILE: " ", METRICS_ADDRESS: "" })).toEqual(
    loadConfig({}),
  );
});

test.each([
  [{ ENV: "prod" }, 'ENV must be one of development, test, production, not "prod"'],
  [{ ADDRESS: "localhost" }, 'ADDRESS must be host:port, such as 127.0.0.1:50051, not "localhost"'],
  [{ ADDRESS: "localhost:70000" }, /^ADDRESS must be host:port/],
  [{ ADDRESS: "localhost:8080;x" }, /^ADDRESS must be host:port/],
  [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL must be one of trace, /],
  [{ SHUTDOWN_GRACE_MS: "-1" }, /^SHUTDOWN_GRACE_MS must be a whole number from 0 to 600000/],
  [{ MAX_SEND_MESSAGE_BYTES: "4MiB" }, /^MAX_SEND_MESSAGE_BYTES must be a whole number/],
  [{ MAX_CONCURRENT_STREAMS: "0" }, /^MAX_CONCURRENT_STREAMS must be a whole number from 1/],
  [{ METRICS_ADDRESS: "9464" }, /^METRICS_ADDRESS must be host:port/],
  [{ RATE_LIMIT_PER_MINUTE: "many" }, /^RATE_LIMIT_PER_MINUTE must be a whole number/],
  [
    { RATE_LIMIT_ON_FAILURE: "ajar" },
    'RATE_LIMIT_ON_FAILURE must be one of open, closed, not "ajar"',
  ],
  [{ MAX_UNARY_MS: "-1" }, /^MAX_UNARY_MS must be a whole number from 0/],
  [{ REFLECTION: "yes" }, 'REFLECTION must be one of on, off, not "yes"'],
  [{ AUTH_CLOCK_TOLERANCE_S: "1h" }, /^AUTH_CLOCK_TOLERANCE_S must be a whole number/],
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
  const variables = { AUTH_JWKS_URL: "ftp://app:hunter2@idp", AUTH_JWT_SECRET: "hunter2" };
  const problems = problemsOf(variables);
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain("hunter2");
});

test("elsewhere the log is shorter and the drain longer, unless the settings say so", () => {
  expect(loadConfig({ ENV: "test" })).toMatchObject({ logLevel: "info", shutdownGraceMs: 10_000 });
  const set = { LOG_LEVEL: "warn", SHUTDOWN_GRACE_MS: "1" };
  expect(loadConfig(set)).toMatchObject({ logLevel: "warn", shutdownGraceMs: 1 });
});

test("reflection is for development, unless the settings say so", () => {
  expect(loadConfig({ ENV: "test" }).reflection).toBe(false);
  expect(loadConfig({ ENV: "test", REFLECTION: "on" }).reflection).toBe(true);
  expect(loadConfig({ REFLECTION: "off" }).reflection).toBe(false);
});

test("every limit of the runtime has a variable of its own", () => {
  const names = describeConfig()
    .filter(({ section }) => section.startsWith("Limits of a connection"))
    .map(({ name }) => name);
  const raised = Object.fromEntries(names.map((name, index) => [name, String(70_000 + index)]));
  const values = Object.values(loadConfig(raised).limits);
  expect(values.toSorted()).toEqual(names.map((_, index) => 70_000 + index));
});

test(".env.example says what there is to set", async () => {
  // `npx vitest run -u` updates it.
  await expect(envExample()).toMatchFileSnapshot("../.env.example");
});

test("production insists on keys, issuer and audience", () => {
  const ofAuth = (variables: Record<string, string>) =>
    problemsOf(variables).filter((problem) => problem.startsWith("AUTH_"));
  expect(ofAuth({ ENV: "production" })).toEqual([
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
  expect(ofAuth({ ENV: "production", AUTH_JWT_SECRET: known, ...parties })).toHaveLength(1);
  const complete = { AUTH_JWT_SECRET: secret, ...parties };
  expect(ofAuth({ ENV: "production", ADDRESS: "0.0.0.0:50051", ...complete })).toEqual([]);
});

test("a server that asks for no tokens needs no keys, wherever it is", () => {
  const off = loadConfig({ AUTH: "off", ADDRESS: "0.0.0.0:50051" });
  expect(off.auth.required).toBe(false);
  const production = problemsOf({ ENV: "production", AUTH: "off", ADDRESS: "0.0.0.0:50051" });
  expect(production.filter((problem) => /^A/.test(problem))).toEqual([]);
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
