import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cleanUp, settled } from "../support/echo.ts";

/** As grpc-js' may be one day: its HTTP/2 servers are not where they were. */
function serverOfAnotherVersion(): Server {
  const server = new Server();
  cleanUp(() => server.forceShutdown());
  return new Proxy(server, {
    get(target, key) {
      if (key === "http2Servers") return undefined;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const warnings: Error[] = [];
const keep = (warning: Error) => void warnings.push(warning);
beforeEach(() => {
  // Each test has a module that has not warned yet.
  vi.resetModules();
  process.on("warning", keep);
});
afterEach(() => {
  process.off("warning", keep);
  warnings.length = 0;
});

test("ports that cannot be guarded are told of, once", async () => {
  const { guardConnections } = await import("../../../runtime/src/plain-server.ts");
  for (let port = 0; port < 2; port += 1) guardConnections(serverOfAnotherVersion());
  expect(await settled(() => warnings.length)).toBe(1);
  expect(warnings[0]).toMatchObject({ code: "GRPC_CONNECTIONS_UNGUARDED" });
  expect(warnings[0]?.message).toContain("without flow-control window, preface timeout");
});

test("so are those of a server of ours", async () => {
  const { Listener } = await import("../../../runtime/src/server/listener.ts");
  const { defaultServerLimits } = await import("../../../runtime/src/server/limits.ts");
  const server = serverOfAnotherVersion();
  new Listener(server, ServerCredentials.createInsecure(), defaultServerLimits);
  await expect.poll(() => warnings).toMatchObject([{ code: "GRPC_CONNECTIONS_UNGUARDED" }]);
});

test("guarded ones are not", async () => {
  const { GrpcServer } = await import("../../../runtime/src/server/index.ts");
  const server = new GrpcServer({ services: [] });
  cleanUp(() => server.stop(0));
  await server.listen("127.0.0.1:0");
  await server.listen("127.0.0.1:0");
  expect(await settled(() => warnings.length)).toBe(0);
});
