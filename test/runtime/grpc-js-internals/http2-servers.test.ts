import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { http2ServersOf } from "../../../runtime/src/grpc-js-internals/http2-servers.ts";
import { cleanUp, settled } from "../support/echo.ts";
import { startNativeServer } from "./native-server.ts";

/** A server of grpc-js without the private field that we read. */
function serverWithoutField(): Server {
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

test("canary: grpc-js has an HTTP/2 server per port and per connection injector", async () => {
  const { server } = await startNativeServer();
  expect(http2ServersOf(server)).toHaveLength(1);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  cleanUp(() => injector.destroy());
  const servers = http2ServersOf(server);
  expect(servers).toHaveLength(2);
  for (const http2Server of servers) expect(http2Server.listenerCount("stream")).toBe(1);
});

describe("fall-back", () => {
  const warnings: Error[] = [];
  const keep = (warning: Error) => void warnings.push(warning);
  beforeEach(() => {
    // Each test gets a module that has not warned yet.
    vi.resetModules();
    process.on("warning", keep);
  });
  afterEach(() => {
    process.off("warning", keep);
    warnings.length = 0;
  });

  test("no server is found", () => {
    expect(http2ServersOf(serverWithoutField())).toEqual([]);
  });

  test("a warning for unguarded ports, once per process", async () => {
    const { guardConnections } = await import("../../../runtime/src/server/index.ts");
    for (let port = 0; port < 2; port += 1) guardConnections(serverWithoutField());
    expect(await settled(() => warnings.length)).toBe(1);
    expect(warnings[0]).toMatchObject({ code: "GRPC_CONNECTIONS_UNGUARDED" });
    expect(warnings[0]?.message).toContain("without flow-control window, preface timeout");
  });

  test("a warning for unguarded ports of a `GrpcServer`", async () => {
    const { Listener } = await import("../../../runtime/src/server/listener.ts");
    const { defaultServerLimits: limits } = await import("../../../runtime/src/server/limits.ts");
    const { Admission } = await import("../../../runtime/src/server/admission.ts");
    const server = serverWithoutField();
    new Listener(server, ServerCredentials.createInsecure(), limits, new Admission(limits));
    await expect.poll(() => warnings).toMatchObject([{ code: "GRPC_CONNECTIONS_UNGUARDED" }]);
  });

  test("no warning for guarded ports", async () => {
    const { GrpcServer } = await import("../../../runtime/src/server/index.ts");
    const server = new GrpcServer({ services: [] });
    cleanUp(() => server.stop(0));
    await server.listen("127.0.0.1:0");
    await server.listen("127.0.0.1:0");
    expect(await settled(() => warnings.length)).toBe(0);
  });
});
