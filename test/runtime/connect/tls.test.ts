import { expect, test } from "vitest";
import type { Variables } from "../../../runtime/src/config/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { rotatingServerCredentials } from "../../../runtime/src/tls/index.ts";
import { rotation } from "../client/support/tls.ts";
import { Authority } from "../support/authority.ts";
import { cleanUp } from "../support/echo.ts";
import { implementPatterns, outcomeOf, unaryCall } from "../support/four-patterns.ts";
import { connectTo } from "./connect-to.ts";

/** Serves the patterns with TLS; with `mutual`, callers need a certificate. */
async function startTls(authority: Authority, { mutual = false } = {}): Promise<string> {
  const files = authority.issue("server", "server");
  const clientCa = mutual ? authority.ca : undefined;
  const credentials = await rotatingServerCredentials({ ...files, clientCa }, rotation());
  const server = new GrpcServer({ services: [implementPatterns(() => {})] });
  cleanUp(() => server.stop(0));
  return `localhost:${await server.listen("127.0.0.1:0", credentials)}`;
}

/** How a call ends over a connection with these settings. */
async function callWith(address: string, variables: Variables): Promise<string> {
  const { channel, options } = await connectTo(address, variables);
  return await outcomeOf(unaryCall(channel, options));
}

test("CLIENT_CA_FILE enables TLS", async () => {
  const authority = new Authority();
  const address = await startTls(authority);
  expect(await callWith(address, { CLIENT_CA_FILE: authority.ca })).toBe("OK");
  expect(await callWith(address, {})).toBe("UNAVAILABLE");
  const CLIENT_CA_FILE = new Authority().ca;
  expect(await callWith(address, { CLIENT_CA_FILE })).toBe("UNAVAILABLE");
});

test("CLIENT_CERT_FILE is presented to servers that require a certificate", async () => {
  const authority = new Authority();
  const address = await startTls(authority, { mutual: true });
  const variables = { CLIENT_CA_FILE: authority.ca };
  const { cert, key } = authority.issue("client", "client");
  const identity = { CLIENT_CERT_FILE: cert, CLIENT_KEY_FILE: key };
  expect(await callWith(address, { ...variables, ...identity })).toBe("OK");
  expect(await callWith(address, variables)).toBe("UNAVAILABLE");
});

test("a file that cannot be read is an error in one line", async () => {
  await expect(connectTo("localhost:1", { CLIENT_CA_FILE: "none.crt" })).rejects.toThrow(
    /^cannot read the TLS file none\.crt: ENOENT[^\n]*$/,
  );
});
