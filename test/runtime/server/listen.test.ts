import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, connect } from "../support/echo.ts";
import { freePort } from "../support/free-port.ts";
import { listens } from "../support/listens.ts";
import { startServer } from "./start-server.ts";

/** Leaves the socket file of a process that was killed. */
async function leaveSocket(path: string): Promise<void> {
  const program = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => console.log("listening"))`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("listen", () => {
  test("a taken port is one clear error", async () => {
    const { address } = await startServer({});
    const server = new GrpcServer({ services: [] });
    await expect(server.listen(address)).rejects.toThrow(`cannot listen on ${address}: `);
    await server.stop(0);
  });

  test.each(["", "x", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:x", "256.0.0.1.:0:0"])(
    "%j is no address",
    async (address) => {
      const server = new GrpcServer({ services: [] });
      await expect(server.listen(address)).rejects.toThrow(`cannot listen on ${address}: `);
    },
  );

  test("socket files, IPv6 and several addresses", async () => {
    const folder = mkdtempSync(join(tmpdir(), "grpc-"));
    cleanUp(() => rmSync(folder, { recursive: true }));
    const server = new GrpcServer({
      services: [implement(echoDefinition, { unary: async () => ({ text: "ok" }) })],
    });
    cleanUp(() => server.stop(0));
    const socket = `unix:${join(folder, "grpc.sock")}`;
    expect(await server.listen(socket)).toBe(0);
    const port = await server.listen("localhost:0");
    expect(port).toBeGreaterThan(0);
    expect((await connect(socket).unary({})).text).toBe("ok");
    expect((await connect(`localhost:${port}`).unary({})).text).toBe("ok");
  });

  test("a socket file that a killed process has left is replaced, other files are not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "grpc-"));
    cleanUp(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "grpc.sock");
    const serve = async (socket: string) => {
      const server = new GrpcServer({
        services: [implement(echoDefinition, { unary: async () => ({ text: "ok" }) })],
      });
      cleanUp(() => server.stop(0));
      await server.listen(`unix:${socket}`);
    };
    await leaveSocket(path);
    await serve(path);
    expect((await connect(`unix:${path}`).unary({})).text).toBe("ok");
    // Somebody listens on it now.
    await expect(serve(path)).rejects.toThrow("EADDRINUSE");
    expect((await connect(`unix:${path}`).unary({})).text).toBe("ok");
    const file = join(folder, "notes.txt");
    writeFileSync(file, "precious");
    await expect(serve(file)).rejects.toThrow("EADDRINUSE");
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  test("not after stop", async () => {
    const server = new GrpcServer({ services: [] });
    await server.stop(0);
    await expect(server.listen("127.0.0.1:0")).rejects.toThrow("stopped");

    const hasty = new GrpcServer({ services: [] });
    const address = `127.0.0.1:${await freePort()}`;
    const listening = hasty.listen(address);
    await hasty.stop(0);
    await expect(listening).rejects.toThrow("stopped");
    expect(await listens(address)).toBe(false);
  });
});
