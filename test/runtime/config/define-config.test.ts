import { expect, test } from "vitest";
import { ConfigError, defineConfig, readServiceConfig } from "../../../runtime/src/config/index.ts";
import { problemsOf } from "./problems.ts";

/** The settings of a service, with its own after the common ones. */
const loadConfig = defineConfig((env) => {
  const common = readServiceConfig(env, { name: "shop", version: "1" });
  env.section("Shop");
  return {
    ...common,
    shopAddress: env.address("SHOP_ADDRESS", "Address of the shop.", "localhost:50052"),
    discount: env.integer("DISCOUNT", "Discount in percent.", undefined, { min: 0, max: 100 }),
    callback: env.url("CALLBACK_URL", "Called after each order.", ["https:"]),
    beta: env.onOff("BETA", "Shows beta articles.", false),
    currency: env.oneOf("CURRENCY", "Currency of prices.", ["EUR", "KRW"], "EUR"),
    motto: env.text("MOTTO", "Shown on the first page.", undefined),
  };
});

test("settings of the service are read along with the common ones", () => {
  const config = loadConfig({
    ADDRESS: "127.0.0.1:6000",
    SHOP_ADDRESS: " shop.example:443 ",
    DISCOUNT: "15",
    CALLBACK_URL: "https://shop.example/orders",
    BETA: "on",
    CURRENCY: "KRW",
    MOTTO: "cheap = good",
  });
  expect(config).toMatchObject({
    address: "127.0.0.1:6000",
    shopAddress: "shop.example:443",
    discount: 15,
    callback: new URL("https://shop.example/orders"),
    beta: true,
    currency: "KRW",
    motto: "cheap = good",
  });
});

test("defaults", () => {
  expect(loadConfig({})).toMatchObject({
    shopAddress: "localhost:50052",
    discount: undefined,
    callback: undefined,
    beta: false,
    currency: "EUR",
    motto: undefined,
  });
});

test("all problems are reported at once, one per line", () => {
  const variables = {
    LOG_LEVEL: "loud",
    SHOP_ADDRESS: "shop",
    DISCOUNT: "101",
    CALLBACK_URL: "http://shop.example",
    BETA: "yes",
    CURRENCY: "USD",
  };
  const problems = problemsOf(loadConfig, variables);
  expect(problems).toEqual([
    expect.stringMatching(/^LOG_LEVEL must be one of trace, /),
    'SHOP_ADDRESS must be host:port, such as 127.0.0.1:50051, not "shop"',
    'DISCOUNT must be a whole number from 0 to 100, not "101"',
    "CALLBACK_URL must be a URL that starts with https://",
    'BETA must be one of on, off, not "yes"',
    'CURRENCY must be one of EUR, KRW, not "USD"',
  ]);
  expect(() => loadConfig(variables)).toThrow(new ConfigError(problems));
});

test("a loader can add problems of its own", () => {
  const load = defineConfig((env) => {
    const from = env.integer("FROM", "First page.", 1, { min: 1, max: 9 });
    const to = env.integer("TO", "Last page.", 9, { min: 1, max: 9 });
    if (env.isSet("TO") && to < from) env.reject("TO", "must not be less than FROM");
    return { from, to };
  });
  expect(problemsOf(load, { FROM: "5", TO: "4" })).toEqual(["TO must not be less than FROM"]);
  expect(load({ FROM: "4", TO: "5" })).toEqual({ from: 4, to: 5 });
});

test("describe lists every setting in the order of reading, without reading any variable", () => {
  const settings = loadConfig.describe();
  expect(settings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["ENV", "TLS_CERT_FILE"]),
  );
  expect(settings.slice(-6)).toEqual([
    {
      section: "Shop",
      name: "SHOP_ADDRESS",
      about: "Address of the shop.",
      fallback: "localhost:50052",
    },
    { section: "Shop", name: "DISCOUNT", about: "Discount in percent.", fallback: "" },
    { section: "Shop", name: "CALLBACK_URL", about: "Called after each order.", fallback: "" },
    {
      section: "Shop",
      name: "BETA",
      about: "Shows beta articles. One of: on, off.",
      fallback: "off",
    },
    {
      section: "Shop",
      name: "CURRENCY",
      about: "Currency of prices. One of: EUR, KRW.",
      fallback: "EUR",
    },
    { section: "Shop", name: "MOTTO", about: "Shown on the first page.", fallback: "" },
  ]);
});

test("a description holds no secret, not even the development secret", () => {
  const { keys } = loadConfig({}).auth;
  const secret = keys.kind === "secret" ? keys.secret : "";
  expect(secret).not.toBe("");
  expect(JSON.stringify(loadConfig.describe())).not.toContain(secret);
});
