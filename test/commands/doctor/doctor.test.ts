import { once } from "node:events";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

/** Runs `grpc-service doctor` on a machine where no server runs. */
const doctor = (cwd: string, ...args: string[]) => runCommand(["doctor", ...args], { cwd });

const checks = [
  ...["tools", "packages", "generated code", "code", "settings", "secrets"],
  ...["certificates", "resources", "port", "server"],
];

test("a healthy project: no check fails, and the exit code is 0", async () => {
  const { code, output, notes } = await doctor(join(project, "src"));
  expect(output).not.toMatch(/^(?:failure|warning)/m);
  for (const check of checks) expect(output).toMatch(new RegExp(`^(?:ok|skipped) +${check} `, "m"));
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
});

test("main.ts and app.ts are not imported", async () => {
  const root = await copyProject(project);
  for (const file of ["main.ts", "app.ts"]) {
    writeFileSync(join(root, "src", file), "process.exit(9);\n");
  }
  expect((await doctor(root)).code).toBe(0);
});

/** A project with a setting that is wrong, and a file that no proto gives. */
async function breakProject(): Promise<string> {
  const root = await copyProject(project);
  writeFileSync(join(root, ".env"), "ADDRESS=nowhere\n");
  writeFileSync(join(root, "src/gen/orphan.ts"), "");
  return root;
}

test("a broken one: prints what fails and the remedy, and the exit code is 1", async () => {
  const { code, output } = await doctor(await breakProject());
  expect(output).toMatch(
    /^failure +settings +ADDRESS must be host:port.*\n +-> see \.env\.example$/m,
  );
  expect(output).toMatch(
    /^failure +generated code +src\/gen\/orphan\.ts does not match the protos\n +-> \w+ run generate$/m,
  );
  for (const check of ["certificates", "resources", "port", "server"]) {
    expect(output).toMatch(
      new RegExp(`^skipped +${check} +not checked: fix the settings first$`, "m"),
    );
  }
  expect(code).toBe(1);
});

test("--json prints the same for programs", async () => {
  const { code, output } = await doctor(await breakProject(), "--json");
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    healthy: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ check: "settings", status: "failure" }),
      { check: "code", status: "ok", message: expect.any(String) },
    ]),
  });
});

describe("packages", () => {
  test("a missing one is named; what does not need it is still checked", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/pino"));
    const { code, output } = await doctor(root);
    expect(output).toMatch(/^failure +packages +pino is not installed\n +-> npm install$/m);
    expect(output).toMatch(
      /^failure +code +src\/dependencies\.ts: the package pino is not installed$/m,
    );
    expect(output).toMatch(/^skipped +resources +not checked: fix the code first$/m);
    for (const check of ["settings", "generated code"]) {
      expect(output).toMatch(new RegExp(`^ok +${check} `, "m"));
    }
    expect(code).toBe(1);
  });

  test("a broken one is named", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/pino"));
    await writeFiles(root, { "node_modules/pino/package.json": '{ "name": ' });
    const { code, output } = await doctor(root);
    expect(output).toMatch(
      /^failure +packages +pino is broken: its package\.json is not valid JSON$/m,
    );
    expect(output).toMatch(/^failure +code +src\/dependencies\.ts: the package pino is broken: /m);
    expect(code).toBe(1);
  });

  test("without tsx the code is not run", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/tsx"));
    const { code, output } = await doctor(root);
    expect(output).toMatch(/^failure +packages +tsx is not installed$/m);
    expect(output).toMatch(/^failure +code +.*: tsx is missing or broken$/m);
    expect(output).toMatch(/^skipped +settings +not checked: fix the code first$/m);
    expect(code).toBe(1);
  });

  test("without the files of tsx the remedy is to install it again", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/tsx"));
    await writeFiles(root, {
      "node_modules/tsx/package.json": '{ "version": "4.23.15", "exports": "./dist/loader.mjs" }',
    });
    const { output } = await doctor(root);
    expect(output).toMatch(
      /^failure +code +.*: tsx is missing or broken\n +-> delete node_modules\/tsx, then npm install$/m,
    );
  });

  test.each([
    ["a module", '{ "version": "1.0.0", "type": "module" }', "index.js"],
    ["CommonJS", '{ "version": "1.0.0" }', "index.js:2"],
  ])("a file of a package that does not parse is named: %s", async (_, manifest, place) => {
    const root = await copyProject(project);
    await writeFiles(root, {
      "node_modules/@shop/prices/package.json": manifest,
      "node_modules/@shop/prices/index.js": "\n<<<\n",
    });
    appendFileSync(join(root, "src/config.ts"), 'import "@shop/prices";\n');
    const { output } = await doctor(root);
    expect(output).toContain(
      `  src/config.ts: the package @shop/prices is broken: node_modules/@shop/prices/${place}: Unexpected token '<<'\n`,
    );
    expect(output).toMatch(/^ +-> delete node_modules\/@shop\/prices, then npm install$/m);
    expect(output.match(/^failure +code /gm)).toHaveLength(1);
  });

  test("one without an export is named, and not the one that imports it", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules/pino"));
    await writeFiles(root, {
      "node_modules/pino/package.json": '{ "version": "10.4.1", "type": "module" }',
      "node_modules/pino/index.js": "",
    });
    expect((await doctor(root)).output).toMatch(
      /^failure +code +src\/dependencies\.ts: The requested module 'pino' does not provide /m,
    );
  });

  test("without any package every check still has a finding", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "node_modules"), { recursive: true });
    const { code, output, notes } = await doctor(root);
    for (const check of checks) expect(output).toMatch(new RegExp(`^\\w+ +${check} `, "m"));
    expect({ code, notes }).toEqual({ code: 1, notes: "" });
  });
});

test("files where folders belong do not stop the other checks", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "src/gen"), { recursive: true });
  rmSync(join(root, "node_modules"), { recursive: true });
  await writeFiles(root, { "src/gen": "", node_modules: "" });
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +packages +tsx is not installed$/m);
  expect(output).not.toContain("cannot be checked");
});

test("a folder .env is named, and has no readers", async () => {
  const root = await copyProject(project);
  rmSync(join(root, ".env"));
  mkdirSync(join(root, ".env"));
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +code +cannot read \S+\.env: it is a folder$/m);
  expect(output).not.toMatch(/^warning /m);
});

describe("code", () => {
  test("that is missing is named", async () => {
    const root = await copyProject(project);
    rmSync(join(root, "src/config.ts"));
    const { code, output } = await doctor(root);
    expect(output).toMatch(/^failure +code +src\/config\.ts is missing$/m);
    expect(code).toBe(1);
  });

  test("that parses something else is not blamed on a file", async () => {
    const root = await copyProject(project);
    const text = 'try { await import("./no.js"); } catch {}\nJSON.parse("{");\n';
    appendFileSync(join(root, "src/config.ts"), text);
    await writeFiles(root, { "src/no.js": "<<<" });
    const { output } = await doctor(root);
    expect(output).toMatch(/^failure +code +src\/config\.ts: Expected property name/m);
  });

  test("that does not compile is located", async () => {
    const root = await copyProject(project);
    writeFileSync(join(root, "src/config.ts"), "export const x = {;\n");
    const { code, output } = await doctor(root);
    expect(output).toMatch(/^failure +code +src\/config\.ts:1:18: Expected identifier/m);
    expect(output).toMatch(/^skipped +settings +not checked: fix the code first$/m);
    expect(code).toBe(1);
  });

  test("that throws is quoted in one line", async () => {
    const root = await copyProject(project);
    appendFileSync(join(root, "src/dependencies.ts"), 'throw new Error("no disk\\nat all");\n');
    const { output } = await doctor(root);
    expect(output).toMatch(/^failure +code +src\/dependencies\.ts: no disk$/m);
    expect(output).toMatch(/^ok +settings /m);
  });

  test("without an expected function is named", async () => {
    const root = await copyProject(project);
    writeFileSync(join(root, "src/dependencies.ts"), "export {};\n");
    expect((await doctor(root)).output).toMatch(
      /^failure +code +src\/dependencies\.ts does not export the function createDependencies$/m,
    );
  });
});

test("the project's own resources are checked", async () => {
  const root = await copyProject(project);
  const path = join(root, "src/dependencies.ts");
  const database = `database: {
        check: () => Promise.reject(new Error("connection refused")),
        close: async () => {},
      },`;
  const text = readFileSync(path, "utf8");
  expect(text).toContain("    resources: {\n");
  writeFileSync(path, text.replace("    resources: {\n", `    resources: {\n      ${database}\n`));
  expect((await doctor(root)).output).toMatch(
    /^failure +resources +database does not work: connection refused\n +-> start it, or correct its settings$/m,
  );
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

test("interrupted, it prints no report and returns 130", async () => {
  const signal = AbortSignal.abort();
  expect(await runCommand(["doctor"], { cwd: project, signal })).toEqual({
    code: 130,
    output: "",
    notes: "grpc-service: interrupted\n",
  });
});
