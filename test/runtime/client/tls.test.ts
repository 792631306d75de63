import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect as connectTls } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  type ChannelTlsFiles,
  GrpcServer,
  implement,
  type RotationOptions,
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
  toImplementation,
} from "../../../templates/runtime/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, connect, failure, until } from "../support/echo.ts";
import { Authority, replace } from "./support/authority.ts";
import { startChild } from "./support/child.ts";

const handlers: Partial<EchoHandlers> = { unary: async () => ({ text: "secret" }) };

/** Rotation that looks often and ends with the test. */
function rotation(onError: (error: Error) => void = () => {}): RotationOptions {
  const controller = new AbortController();
  cleanUp(() => controller.abort());
  return { refreshMs: 20, signal: controller.signal, onError };
}

const servers = {
  GrpcServer: async (credentials: grpc.ServerCredentials) => {
    const server = new GrpcServer({ services: [implement(echoDefinition, handlers)] });
    cleanUp(() => server.stop(0));
    return await server.listen("127.0.0.1:0", credentials);
  },
  "grpc.Server": async (credentials: grpc.ServerCredentials) => {
    const server = new grpc.Server();
    server.addService(echoDefinition, toImplementation(implement(echoDefinition, handlers)));
    cleanUp(() => server.forceShutdown());
    return await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  },
};

async function start(files: ServerTlsFiles, options = rotation()): Promise<number> {
  return await servers.GrpcServer(await rotatingServerCredentials(files, options));
}

async function call(port: number, files: ChannelTlsFiles): Promise<string> {
  const credentials = await rotatingChannelCredentials(files, rotation());
  return (await connect(`localhost:${port}`, { credentials }).unary({}, { timeoutMs: 3_000 })).text;
}

/** Common name of the certificate that a new connection is shown. */
async function shown(port: number): Promise<string> {
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await new Promise((resolve, reject) =>
    socket.once("secureConnect", resolve).once("error", reject),
  );
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function untilShown(port: number, commonName: string): Promise<void> {
  while ((await shown(port)) !== commonName);
}

describe.each(Object.entries(servers))("TLS from files, %s", (_name, listen) => {
  test("a client that trusts the authority gets through", async () => {
    const authority = new Authority();
    const port = await listen(
      await rotatingServerCredentials(authority.issue("s", "one"), rotation()),
    );
    expect(await call(port, { ca: authority.ca })).toBe("secret");
  });

  test("mutual TLS wants a certificate of the right authority", async () => {
    const authority = new Authority();
    const files = { ...authority.issue("s", "one"), clientCa: authority.ca };
    const port = await listen(await rotatingServerCredentials(files, rotation()));
    const identity = authority.issue("c", "client");
    expect(await call(port, { ca: authority.ca, ...identity })).toBe("secret");
    const stranger = new Authority().issue("c", "client");
    for (const other of [{}, stranger]) {
      const error = await failure(call(port, { ca: authority.ca, ...other }));
      expect(error).toMatchObject({ code: "UNAVAILABLE" });
    }
  });

  test("new connections use changed files, open ones go on", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const port = await listen(await rotatingServerCredentials(files, rotation()));
    const credentials = await rotatingChannelCredentials({ ca: authority.ca }, rotation());
    const client = connect(`localhost:${port}`, { credentials });
    await client.unary({});
    expect(await shown(port)).toBe("one");
    replace(files, authority.issue("next", "two"));
    await untilShown(port, "two");
    expect((await client.unary({})).text).toBe("secret");
    expect(await call(port, { ca: authority.ca })).toBe("secret");
  });
});

describe("rotation", () => {
  test("the server trusts a new authority of its clients", async () => {
    const authority = new Authority();
    const others = new Authority();
    const clientCa = authority.file("client-ca.crt");
    copyFileSync(authority.ca, clientCa);
    const port = await start({ ...authority.issue("s", "one"), clientCa });
    const identity = others.issue("c", "client");
    const files = { ca: authority.ca, ...identity };
    expect(await failure(call(port, files))).toMatchObject({ code: "UNAVAILABLE" });
    copyFileSync(others.ca, clientCa);
    for (;;) {
      const text = await call(port, files).catch(() => undefined);
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
    const server = await start({ ...second.issue("s", "two"), clientCa: second.ca });
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
    const port = await start(link);
    expect(await shown(port)).toBe("one");
    point(two);
    await untilShown(port, "two");
  });

  test("half of a new pair, a missing and an expired file change nothing; each is told once", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const errors: string[] = [];
    const port = await start(
      files,
      rotation((error) => errors.push(error.message)),
    );
    const next = authority.issue("next", "two");
    renameSync(next.cert, files.cert);
    await until(() => errors.length === 1);
    expect(errors[0]).toMatch(/^cannot use \S+s\.crt with \S+s\.key: [^\n]*mismatch[^\n]*$/);
    expect(await call(port, { ca: authority.ca })).toBe("secret");
    rmSync(files.key);
    await until(() => errors.length === 2);
    expect(errors[1]).toMatch(/^cannot read the TLS file \S+s\.key: ENOENT[^\n]*$/);
    expect(await shown(port)).toBe("one");
    renameSync(next.key, files.key);
    await untilShown(port, "two");
    replace(files, authority.issue("old", "old", "-days", "-1"));
    await until(() => errors.length === 3);
    expect(errors[2]).toMatch(/^\S+s\.crt expired on [^\n]+$/);
    expect(await shown(port)).toBe("two");
  });

  test("ends with its signal", async () => {
    const authority = new Authority();
    const files = authority.issue("s", "one");
    const controller = new AbortController();
    const port = await start(files, { refreshMs: 5, signal: controller.signal });
    controller.abort();
    replace(files, authority.issue("next", "two"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await shown(port)).toBe("one");
  });

  test("does not keep the process alive", async () => {
    const authority = new Authority();
    const pair = authority.issue("s", "one");
    const child = startChild("rotation", authority.ca, pair.cert, pair.key);
    const exited = new Promise<unknown>((resolve) => child.process.once("exit", resolve));
    expect(await child.next()).toBe("ready");
    expect(await exited).toBe(0);
  });
});

describe("files that cannot be used are one line at the start", () => {
  const cases: Record<string, (authority: Authority) => [ServerTlsFiles, RegExp]> = {
    "a missing file": (authority) => [
      { ...authority.issue("s", "one"), key: authority.file("none.key") },
      /^cannot read the TLS file \S+none\.key: ENOENT[^\n]*$/,
    ],
    "another key": (authority) => [
      { ...authority.issue("s", "one"), key: authority.issue("o", "other").key },
      /^cannot use \S+s\.crt with \S+o\.key: [^\n]+$/,
    ],
    "an expired certificate": (authority) => [
      authority.issue("s", "one", "-days", "-1"),
      /^\S+s\.crt expired on [^\n]+$/,
    ],
    "no certificate": (authority) => {
      const { cert, key } = authority.issue("s", "one");
      writeFileSync(cert, "hello");
      return [{ cert, key }, /^\S+s\.crt is not a certificate: [^\n]+$/];
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
    const pair = authority.issue(
      "s",
      "one",
      ...(what === "another authority" ? [] : ["-days", "-1"]),
    );
    const credentials = grpc.ServerCredentials.createSsl(null, [
      { cert_chain: readFileSync(pair.cert), private_key: readFileSync(pair.key) },
    ]);
    const port = await servers.GrpcServer(credentials);
    const ca = what === "another authority" ? new Authority().ca : authority.ca;
    const error = await failure(call(port, { ca }));
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
    expect(error).toHaveProperty(
      "rawMessage",
      expect.stringMatching(/^[^\n]*(certificate has expired|unable to verify|self-signed)[^\n]*$/),
    );
  });

  test("authorities that Node knows are the default", async () => {
    const port = await start(new Authority().issue("s", "one"));
    const error = await failure(call(port, {}));
    expect(error).toHaveProperty("rawMessage", expect.stringMatching(/unable to|self-signed/));
  });
});
