// @module-tag openssl

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { ServerCredentials } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
} from "../../../runtime/src/tls/index.ts";
import { Authority, replace } from "../support/authority.ts";
import { connect, failure } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { callOver, listenWith, rotation, shown, startTls, untilShown } from "./support/tls.ts";

describe.each([own, plain])("TLS from files, $name", (kind) => {
  test("a client that trusts the authority can call", async () => {
    const authority = new Authority();
    const port = await listenWith(
      kind,
      await rotatingServerCredentials(authority.issue("s", "one"), rotation()),
    );
    expect(await callOver(port, { ca: authority.ca })).toBe("secret");
  });

  test("a client that calls an IP address checks the certificate against it", async () => {
    const authority = new Authority();
    const listen = async (hosts: string) => {
      const files = authority.issue("s", "one", { hosts });
      return await listenWith(kind, await rotatingServerCredentials(files, rotation()));
    };
    const credentials = await rotatingChannelCredentials({ ca: authority.ca }, rotation());
    const call = (port: number) => connect(`127.0.0.1:${port}`, { credentials }).unary({});
    expect((await call(await listen("IP:127.0.0.1"))).text).toBe("secret");
    for (const hosts of ["DNS:localhost", "IP:127.0.0.2"]) {
      const error = await failure(call(await listen(hosts)));
      expect(error).toMatchObject({ code: "UNAVAILABLE" });
      expect(String(error)).toContain("127.0.0.1");
    }
  });

  test("mutual TLS requires a certificate of the right authority", async () => {
    const authority = new Authority();
    const files = { ...authority.issue("s", "one"), clientCa: authority.ca };
    const port = await listenWith(kind, await rotatingServerCredentials(files, rotation()));
    const identity = authority.issue("c", "client");
    expect(await callOver(port, { ca: authority.ca, ...identity })).toBe("secret");
    const stranger = new Authority().issue("c", "client");
    for (const other of [{}, stranger]) {
      const error = await failure(callOver(port, { ca: authority.ca, ...other }));
      expect(error).toMatchObject({ code: "UNAVAILABLE" });
    }
  });

  test("new connections use changed files, open ones go on", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const port = await listenWith(kind, await rotatingServerCredentials(files, rotation()));
    const credentials = await rotatingChannelCredentials({ ca: authority.ca }, rotation());
    const client = connect(`localhost:${port}`, { credentials });
    await client.unary({});
    expect(await shown(port)).toBe("one");
    replace(files, authority.issue("next", "two"));
    await untilShown(port, "two");
    expect((await client.unary({})).text).toBe("secret");
    expect(await callOver(port, { ca: authority.ca })).toBe("secret");
  });
});

/** What is there of a file while it is written. */
function half(path: string): string {
  const text = readFileSync(path, "utf8");
  return text.slice(0, text.length / 2);
}

describe("files that cannot be used are one line at the start", () => {
  const cases: Record<string, (authority: Authority) => [ServerTlsFiles, RegExp]> = {
    "a missing file": (authority) => [
      { ...authority.issue("s", "one"), key: authority.file("none.key") },
      /^cannot read the TLS file \S+none\.key: ENOENT[^\n]*$/,
    ],
    "another key": (authority) => [
      { ...authority.issue("s", "one"), key: authority.issue("o", "other").key },
      /^\S+o\.key is not the key of \S+s\.crt$/,
    ],
    "an expired certificate": (authority) => [
      authority.issue("s", "one", { days: -1 }),
      /^\S+s\.crt expired on [^\n]+$/,
    ],
    "no certificate": (authority) => {
      const { cert, key } = authority.issue("s", "one");
      writeFileSync(cert, "hello");
      return [{ cert, key }, /^\S+s\.crt is not a certificate: [^\n]+$/];
    },
    "a chain that is cut off": (authority) => {
      const files = authority.issue("s", "one");
      appendFileSync(files.cert, half(authority.issue("o", "other").cert));
      return [files, /^\S+s\.crt is not complete$/];
    },
    "authorities that are cut off": (authority) => {
      const files = authority.issue("s", "one");
      appendFileSync(authority.ca, half(new Authority().ca));
      return [{ ...files, clientCa: authority.ca }, /^\S+ca\.crt is not complete$/];
    },
    "authorities that have all expired": (authority) => {
      const clientCa = authority.issue("old", "old", { days: -1 }).cert;
      const files = authority.issue("s", "one");
      return [{ ...files, clientCa }, /^\S+old\.crt expired on [^\n]+$/];
    },
    "no authority": (authority) => {
      const clientCa = authority.file("none.crt");
      writeFileSync(clientCa, "hello");
      return [
        { ...authority.issue("s", "one"), clientCa },
        /^\S+none\.crt is not a certificate: [^\n]+$/,
      ];
    },
  };

  test.each(Object.entries(cases))("%s", async (_name, make) => {
    const [files, text] = make(new Authority());
    await expect(rotatingServerCredentials(files, rotation())).rejects.toThrow(text);
    const { cert, key, clientCa } = files;
    await expect(
      rotatingChannelCredentials({ cert, key, ca: clientCa }, rotation()),
    ).rejects.toThrow(text);
  });

  test("of several authorities, one is enough that has not expired", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const old = authority.issue("old", "old", { days: -1 }).cert;
    const both = authority.file("both.crt");
    writeFileSync(both, readFileSync(old, "utf8") + readFileSync(authority.ca, "utf8"));
    const server = await rotatingServerCredentials({ ...files, clientCa: both }, rotation());
    const port = await listenWith(own, server);
    expect(await callOver(port, { ca: both, ...files })).toBe("secret");
  });

  test("a certificate without its key", async () => {
    const { cert } = new Authority().issue("s", "one");
    await expect(rotatingChannelCredentials({ cert })).rejects.toThrow(
      /^a certificate needs its key/,
    );
  });
});

describe("a server that cannot be trusted is one line", () => {
  test.each(["another authority", "an expired certificate"])("%s", async (what) => {
    const authority = new Authority();
    const pair = authority.issue("s", "one", { days: what === "another authority" ? 2 : -1 });
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: readFileSync(pair.cert), private_key: readFileSync(pair.key) },
    ]);
    const port = await listenWith(own, credentials);
    const ca = what === "another authority" ? new Authority().ca : authority.ca;
    const error = await failure(callOver(port, { ca }));
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
    expect(error).toHaveProperty(
      "rawMessage",
      expect.stringMatching(/^[^\n]*(certificate has expired|unable to verify|self-signed)[^\n]*$/),
    );
  });

  test("authorities that Node knows are the default", async () => {
    const port = await startTls(new Authority().issue("s", "one"));
    const error = await failure(callOver(port, {}));
    expect(error).toHaveProperty("rawMessage", expect.stringMatching(/unable to|self-signed/));
  });
});
