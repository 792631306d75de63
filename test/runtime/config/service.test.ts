import { expect, test } from "vitest";
import { defineConfig, readServiceConfig } from "../../../runtime/src/config/index.ts";
import { defaultServerLimits } from "../../../runtime/src/index.ts";
import { problemsOf } from "./problems.ts";

const loadConfig = defineConfig((env) => readServiceConfig(env, { name: "shop", version: "1" }));
const secret = "a-secret-that-is-long-enough-for-hs256";
const parties = { AUTH_ISSUER: "issuer", AUTH_AUDIENCE: "shop" };

test("development needs no settings", () => {
  expect(loadConfig({})).toMatchObject({
    environment: "development",
    address: "127.0.0.1:50051",
    logLevel: "debug",
    shutdownGraceMs: 2000,
    metricsAddress: undefined,
    reflection: true,
    audit: false,
    tls: undefined,
    auth: { required: true, audience: "shop" },
    service: { name: "shop", version: "1" },
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
  expect(problemsOf(loadConfig, variables)).toEqual([
    problem instanceof RegExp ? expect.stringMatching(problem) : problem,
  ]);
});

test("all problems are reported at once", () => {
  const problems = problemsOf(loadConfig, { ENV: "prod", ADDRESS: "x", TLS_KEY_FILE: "a.key" });
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
    "ENV",
    "ADDRESS",
    "TLS_CERT_FILE",
  ]);
});

test("a problem never quotes a password", () => {
  const variables = { AUTH_JWKS_URL: "ftp://app:hunter2@idp", AUTH_JWT_SECRET: "hunter2" };
  const problems = problemsOf(loadConfig, variables);
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain("hunter2");
});

test("outside development the log has fewer lines and the drain is longer, unless set", () => {
  expect(loadConfig({ ENV: "test" })).toMatchObject({ logLevel: "info", shutdownGraceMs: 10_000 });
  const set = { LOG_LEVEL: "warn", SHUTDOWN_GRACE_MS: "1" };
  expect(loadConfig(set)).toMatchObject({ logLevel: "warn", shutdownGraceMs: 1 });
});

test("reflection is on in development only, unless set", () => {
  expect(loadConfig({ ENV: "test" }).reflection).toBe(false);
  expect(loadConfig({ ENV: "test", REFLECTION: "on" }).reflection).toBe(true);
  expect(loadConfig({ REFLECTION: "off" }).reflection).toBe(false);
});

test("every limit of a server has a setting of its own", () => {
  const names = loadConfig
    .describe()
    .filter(({ section }) => section.startsWith("Limits"))
    .map(({ name }) => name);
  const raised = Object.fromEntries(names.map((name, index) => [name, String(70_000 + index)]));
  const values = Object.values(loadConfig(raised).limits);
  expect(Object.keys(loadConfig({}).limits).toSorted()).toEqual(
    Object.keys(defaultServerLimits).toSorted(),
  );
  expect(values.toSorted()).toEqual(names.map((_, index) => 70_000 + index));
});

test("production requires keys, issuer and audience", () => {
  const ofAuth = (variables: Record<string, string>) =>
    problemsOf(loadConfig, variables).filter((problem) => problem.startsWith("AUTH_"));
  expect(ofAuth({ ENV: "production" })).toEqual([
    "AUTH_JWKS_URL or AUTH_JWT_SECRET must be set when ENV=production",
    "AUTH_ISSUER must be set when ENV=production",
    "AUTH_AUDIENCE must be set when ENV=production",
  ]);
  // As in a copied .env.example.
  const copied = { AUTH_JWT_SECRET: secret, AUTH_ISSUER: "", AUTH_AUDIENCE: "" };
  expect(ofAuth({ ENV: "production", ...copied })).toEqual([
    "AUTH_ISSUER must be set when ENV=production",
    "AUTH_AUDIENCE must be set when ENV=production",
  ]);
  const keySet = { AUTH_JWKS_URL: "https://idp.example/jwks" };
  expect(problemsOf(loadConfig, keySet)).toEqual([
    "AUTH_ISSUER must be set with AUTH_JWKS_URL",
    "AUTH_AUDIENCE must be set with AUTH_JWKS_URL",
  ]);
  const { keys } = loadConfig({}).auth;
  const known = keys.kind === "secret" ? keys.secret : "";
  expect(ofAuth({ ENV: "production", AUTH_JWT_SECRET: known, ...parties })).toHaveLength(1);
  const complete = { AUTH_JWT_SECRET: secret, ...parties };
  expect(ofAuth({ ENV: "production", ADDRESS: "0.0.0.0:50051", ...complete })).toEqual([]);
});

test("AUTH=off needs no keys, also in production", () => {
  const off = loadConfig({ ENV: "development", AUTH: "off", ADDRESS: "0.0.0.0:50051" });
  expect(off.auth.required).toBe(false);
  const production = problemsOf(loadConfig, {
    ENV: "production",
    AUTH: "off",
    ADDRESS: "0.0.0.0:50051",
  });
  expect(production.filter((problem) => /^A/.test(problem))).toEqual([]);
});

test.each(["0.0.0.0:50051", "[::]:50051", "10.1.2.3:50051", "example.com:50051"])(
  "the development secret is refused where other machines can connect: %s",
  (ADDRESS) => {
    const open = { ENV: "development", ADDRESS };
    expect(problemsOf(loadConfig, open)).toEqual([expect.stringMatching(/^ADDRESS /)]);
    expect(problemsOf(loadConfig, { ...open, AUTH_JWT_SECRET: secret })).toEqual([]);
  },
);

test("without ENV, NODE_ENV=production is production", () => {
  const environmentOf = (variables: Record<string, string>) =>
    loadConfig({ AUTH: "off", ...variables }).environment;
  expect(environmentOf({})).toBe("development");
  expect(environmentOf({ NODE_ENV: "production" })).toBe("production");
  expect(environmentOf({ NODE_ENV: "production", ENV: "" })).toBe("production");
  expect(environmentOf({ NODE_ENV: "production", ENV: "test" })).toBe("test");
  expect(environmentOf({ NODE_ENV: "staging" })).toBe("development");
  expect(problemsOf(loadConfig, { NODE_ENV: "production" })[0]).toMatch(/^AUTH_JWKS_URL or/);
});

test("without ENV, no other machine can connect", () => {
  const complete = { AUTH_JWT_SECRET: secret, ADDRESS: "0.0.0.0:50051" };
  expect(problemsOf(loadConfig, complete)).toEqual([
    "ENV must be set: others can reach ADDRESS, which is 0.0.0.0:50051",
  ]);
  expect(problemsOf(loadConfig, { ...complete, ENV: "development" })).toEqual([]);
});
