// @module-tag openssl

import { copyFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { rotatingChannelCredentials } from "../../../runtime/src/tls/index.ts";
import { Authority, replace } from "../support/authority.ts";
import { startChild } from "../support/child.ts";
import { connect, failure, until } from "../support/echo.ts";
import { callOver, rotation, shown, startTls, untilShown } from "./support/tls.ts";

describe("rotation", () => {
  test("the server trusts a new authority of its clients", async () => {
    const authority = new Authority();
    const others = new Authority();
    const clientCa = authority.file("client-ca.crt");
    copyFileSync(authority.ca, clientCa);
    const port = await startTls({ ...authority.issue("s", "one"), clientCa });
    const identity = others.issue("c", "client");
    const files = { ca: authority.ca, ...identity };
    expect(await failure(callOver(port, files))).toMatchObject({ code: "UNAVAILABLE" });
    copyFileSync(others.ca, clientCa);
    for (;;) {
      const text = await callOver(port, files).catch(() => undefined);
      if (text === "secret") break;
    }
  });

  test("a client trusts a new authority, and shows a new certificate, on new connections", async () => {
    const first = new Authority();
    const second = new Authority();
    const ca = first.file("trusted.crt");
    copyFileSync(first.ca, ca);
    const own = first.issue("c", "client");
    const credentials = await rotatingChannelCredentials({ ca, ...own }, rotation());
    const server = await startTls({ ...second.issue("s", "two"), clientCa: second.ca });
    const client = connect(`localhost:${server}`, { credentials });
    expect(await failure(client.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    copyFileSync(second.ca, ca);
    replace(own, second.issue("c", "client"));
    expect((await client.unary({}, { waitForReady: true })).text).toBe("secret");
  });

  test("by symbolic links, as in Kubernetes", async () => {
    const authority = new Authority();
    const one = authority.issue("one", "one");
    const two = authority.issue("two", "two");
    const link = { cert: authority.file("tls.crt"), key: authority.file("tls.key") };
    const point = (to: typeof one) => {
      for (const name of ["cert", "key"] as const) {
        symlinkSync(to[name], `${link[name]}.new`);
        renameSync(`${link[name]}.new`, link[name]);
      }
    };
    point(one);
    const port = await startTls(link);
    expect(await shown(port)).toBe("one");
    point(two);
    await untilShown(port, "two");
  });

  test("half of a new pair, a missing and an expired file change nothing; each is told once", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const errors: string[] = [];
    const port = await startTls(
      files,
      rotation((error) => errors.push(error.message)),
    );
    const next = authority.issue("next", "two");
    renameSync(next.cert, files.cert);
    await until(() => errors.length === 1);
    expect(errors[0]).toMatch(/^\S+s\.key is not the key of \S+s\.crt$/);
    expect(await callOver(port, { ca: authority.ca })).toBe("secret");
    rmSync(files.key);
    await until(() => errors.length === 2);
    expect(errors[1]).toMatch(/^cannot read the TLS file \S+s\.key: ENOENT[^\n]*$/);
    expect(await shown(port)).toBe("one");
    renameSync(next.key, files.key);
    await untilShown(port, "two");
    replace(files, authority.issue("old", "old", { days: -1 }));
    // A look between the two renames sees a pair that does not fit, and says so.
    const expired = () => errors.filter((error) => /^\S+s\.crt expired on [^\n]+$/.test(error));
    await until(() => expired().length > 0);
    expect(await shown(port)).toBe("two");
    expect(expired()).toHaveLength(1);
  });

  test("ends with its signal", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const controller = new AbortController();
    const port = await startTls(files, { refreshMs: 5, signal: controller.signal });
    controller.abort();
    replace(files, authority.issue("next", "two"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await shown(port)).toBe("one");
  });

  test("does not keep the process alive", async () => {
    const authority = new Authority();
    const pair = authority.issue("s", "one");
    const child = startChild(
      new URL("./processes/rotation.ts", import.meta.url),
      authority.ca,
      pair.cert,
      pair.key,
    );
    expect(await child.next()).toBe("ready");
    expect(await child.exited).toBe(0);
  });
});

test("files may be read again after longer than a timer can hold", async () => {
  const authority = new Authority();
  const ca = authority.file("trusted.crt");
  copyFileSync(authority.ca, ca);
  const errors: Error[] = [];
  const onError = (error: Error) => errors.push(error);
  await rotatingChannelCredentials({ ca }, { ...rotation(onError), refreshMs: 2 ** 31 });
  rmSync(ca);
  await delay(100);
  expect(errors).toEqual([]);
});
