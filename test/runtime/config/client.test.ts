import { expect, test } from "vitest";
import { defineConfig, readClientConfig } from "../../../runtime/src/config/index.ts";
import { problemsOf } from "./problems.ts";

const loadClientConfig = defineConfig((env) =>
  readClientConfig(env, { name: "shop", version: "1" }),
);

test("a client uses the port of the server, and refuses half a key pair", () => {
  expect(loadClientConfig({ ADDRESS: "0.0.0.0:6000" }).address).toBe("localhost:6000");
  expect(loadClientConfig({ SERVER_ADDRESS: "shop.example:443" }).address).toBe("shop.example:443");
  const variables = { CLIENT_CA_FILE: "ca.crt", CLIENT_KEY_FILE: "client.key" };
  expect(problemsOf(loadClientConfig, variables)).toEqual([
    "CLIENT_CERT_FILE must be set too when CLIENT_KEY_FILE is",
  ]);
});

test("a client certificate needs an authority", () => {
  const identity = { CLIENT_CERT_FILE: "client.crt", CLIENT_KEY_FILE: "client.key" };
  expect(problemsOf(loadClientConfig, identity)).toEqual(["CLIENT_CERT_FILE needs CLIENT_CA_FILE"]);
  expect(loadClientConfig({ ...identity, CLIENT_CA_FILE: "ca.crt" }).tls).toEqual({
    ca: "ca.crt",
    identity: { cert: "client.crt", key: "client.key" },
  });
});

test("without settings it calls the development server", () => {
  expect(loadClientConfig({})).toMatchObject({
    environment: "development",
    address: "localhost:50051",
    tls: undefined,
    token: undefined,
    auth: { required: true, issuer: "development", audience: "shop" },
  });
  expect(loadClientConfig({ CLIENT_TOKEN: "t" }).token).toBe("t");
});
