import { once } from "node:events";
import { createServer } from "node:net";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

test("a port in use fails, for the server and for metrics", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const taken = `127.0.0.1:${address.port}`;
  const env = { ...environment, ADDRESS: taken, METRICS_ADDRESS: taken };
  const { output } = await runCommand(["doctor"], { cwd: project, env });
  other.close();
  for (const name of ["ADDRESS", "METRICS_ADDRESS"]) {
    expect(output).toMatch(
      new RegExp(`^failure +port +${taken} is in use by .*\\n +-> stop it, or set ${name} to`, "m"),
    );
  }
});

/** Starts a server that has one service, by this name only. */
async function startServer(service: string): Promise<{ address: string; stop(): Promise<void> }> {
  const health = new HealthRegistry();
  health.set(service, "SERVING");
  const server = new GrpcServer({ services: [health.registration()] });
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  return { address, stop: () => server.stop(0) };
}

describe("a server that is running", () => {
  test("of this project is recognized by its services", async () => {
    const { address, stop } = await startServer("greeter.v1.Greeter");
    const env = { ...environment, ADDRESS: address, SERVER_ADDRESS: undefined };
    const { code, output } = await runCommand(["doctor"], { cwd: project, env });
    await stop();
    expect(output).toContain(`${address} is in use by this server: `);
    expect(output).toMatch(/^ok +server +localhost:\d+ is SERVING /m);
    expect(code).toBe(0);
  });

  test("of another project only occupies the port", async () => {
    const { address, stop } = await startServer("other.v1.Other");
    const env = { ...environment, ADDRESS: address, SERVER_ADDRESS: address };
    const { code, output } = await runCommand(["doctor"], { cwd: project, env });
    await stop();
    expect(output).toMatch(
      new RegExp(`^failure +port +${address} is in use by (?!this server).+\n +-> stop it`, "m"),
    );
    expect(output).toMatch(new RegExp(`^failure +server +the server at ${address} is not of`, "m"));
    expect(code).toBe(1);
  });

  // Other systems have no second loopback address.
  test.runIf(process.platform === "linux")(
    "elsewhere does not vouch for a process on this machine",
    async () => {
      const ours = await startServer("greeter.v1.Greeter");
      const port = ours.address.replace(/.*:/, "");
      const other = createServer().listen(Number(port), "127.0.0.2");
      await once(other, "listening");
      const taken = `127.0.0.2:${port}`;
      const env = { ...environment, ADDRESS: taken, SERVER_ADDRESS: ours.address };
      const { code, output } = await runCommand(["doctor"], { cwd: project, env });
      other.close();
      await ours.stop();
      expect(output).toMatch(
        new RegExp(`^failure +port +${taken} is in use by (?!this server)`, "m"),
      );
      expect(code).toBe(1);
    },
  );

  test("does not vouch for another process on the port of its metrics", async () => {
    const ours = await startServer("greeter.v1.Greeter");
    const script = `require("node:net").createServer().listen(0, "127.0.0.1", function () {
      console.log(this.address().port);
    })`;
    const other = execa(process.execPath, ["-e", script], { reject: false });
    const [printed] = await once(other.stdout, "data");
    const metrics = `127.0.0.1:${String(printed).trim()}`;
    const env = {
      ...environment,
      ADDRESS: ours.address,
      SERVER_ADDRESS: ours.address,
      METRICS_ADDRESS: metrics,
    };
    const { output } = await runCommand(["doctor"], { cwd: project, env });
    other.kill();
    await Promise.all([other, ours.stop()]);
    expect(output).toContain(`${ours.address} is in use by this server: `);
    expect(output).toMatch(new RegExp(`^failure +port +${metrics} is in use by pid `, "m"));
  });
});
