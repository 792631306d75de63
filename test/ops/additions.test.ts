// @module-tag installs

import { once } from "node:events";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, type TestOptions, test } from "vitest";
import { createChannel } from "../../runtime/src/client/index.ts";
import { HealthClient } from "../../runtime/src/health/client.ts";
import { packageRoot } from "../../src/package-root.ts";
import { run, userEnvironment } from "../../tooling/packed/commands.ts";
import { startServer } from "../../tooling/packed/server.ts";
import { create, createSandbox, type Sandbox } from "../e2e/packed.ts";
import { quick, run as scaffoldHere, temporaryFolder } from "../scaffold/support.ts";
import { type Postgres, startPostgres } from "./services/postgres.ts";
import { type Redis, startRedis } from "./services/redis.ts";

const serving = 1;
const notServing = 2;

const options: TestOptions = { timeout: 300_000, tags: ["postgresql", "redis-server"] };

describe("a project with PostgreSQL and Redis", options, () => {
  let place: Sandbox;
  let project: string;
  let postgres: Postgres;
  let redis: Redis;

  beforeAll(async () => {
    [place, postgres, redis] = await Promise.all([createSandbox(), startPostgres(), startRedis()]);
    project = join(place.folder, "user-service");
    const additions = ["--postgres", "--redis"];
    await create(place, ["user-service", "--starter", "user", ...additions, "--yes", "--no-git"]);
  }, 300_000);
  afterAll(async () => {
    await Promise.all([place.remove(), postgres.stop(), redis.stop()]);
  });

  const npm = (args: string[], env: Record<string, string> = {}) =>
    run("npm", args, { cwd: project, env });

  test("formats, lints and type-checks as emitted", () => npm(["run", "lint"]));

  test("passes its own tests, none skipped, on a real database and a real Redis", async () => {
    const services = { TEST_DATABASE_URL: postgres.url };
    const { stdout } = await npm(["test"], services);
    expect(stdout).toMatch(/Tests +\d+ passed \(\d+\)/);
  });

  test("passes its own tests without a database and without Redis", async () => {
    const { stdout } = await npm(["test", "--", "test/users"]);
    expect(stdout).toMatch(/Tests +\d+ passed \| \d+ skipped/);
  });

  const ownProto = `--proto=${packageRoot()}/test/cases/four-patterns`;
  test.each([
    { flags: ["--starter=user", "--postgres"] },
    { flags: ["--starter=user", "--no-postgres"] },
    { flags: ["--starter=user", "--no-postgres", "--redis"] },
    { flags: [ownProto, "--postgres", "--redis"] },
  ])("type-checks and lints: $flags", async ({ flags }) => {
    const cwd = await temporaryFolder();
    await scaffoldHere(["demo", ...quick, ...flags], { cwd });
    const demo = join(cwd, "demo");
    await symlink(join(project, "node_modules"), join(demo, "node_modules"), "junction");
    await run("npm", ["run", "lint"], { cwd: demo });
  });

  describe("as built", () => {
    beforeAll(async () => {
      await npm(["run", "build"]);
    });

    const production = () => ({
      ENV: "production",
      ADDRESS: "127.0.0.1:0",
      AUTH_JWT_SECRET: "0123456789abcdef0123456789abcdef",
      AUTH_ISSUER: "test",
      AUTH_AUDIENCE: "test",
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      RATE_LIMIT_PER_MINUTE: "1000",
    });

    function node(file: string, env: Record<string, string>) {
      return execa("node", [file], {
        cwd: project,
        env: userEnvironment(env),
        extendEnv: false,
        reject: false,
        all: true,
      });
    }

    /** Starts the server and asks for its health. */
    async function start(env: Record<string, string>) {
      const server = await startServer(project, env);
      const channel = createChannel(server.address);
      const health = new HealthClient(channel);
      return {
        ...server,
        status: async (service = "") =>
          (await health.check({ service }, { timeoutMs: 10_000 })).status,
        async stop() {
          channel.close();
          return server.stop();
        },
      };
    }

    const client = (address: string) =>
      npm(["run", "--silent", "client"], { ...production(), SERVER_ADDRESS: address });

    test("requires both addresses in production", async () => {
      const { DATABASE_URL: _, REDIS_URL: __, ...rest } = production();
      const { exitCode, all } = await node("dist/main.js", rest);
      expect(exitCode).toBe(1);
      expect(all).toMatch(/^DATABASE_URL must be set when ENV=production$/m);
      expect(all).toMatch(/^REDIS_URL must be set when ENV=production$/m);
    });

    test("migrates on command, keeps users over a restart, counts calls in Redis", async () => {
      const first = await node("dist/migrate.js", production());
      expect(first).toMatchObject({
        exitCode: 0,
        all: "migrated: 0001-users.sql\nthe database is up to date",
      });
      expect((await node("dist/migrate.js", production())).all).toBe("the database is up to date");

      for (const total of [6, 12]) {
        const server = await start(production());
        try {
          expect((await client(server.address)).stdout).toMatch(
            new RegExp(`  ${total} users in all$`),
          );
          const channels = await redis.cli("pubsub", "channels");
          expect(channels.split("\n")).toContain("user-service:cache:users");
        } finally {
          expect(await server.stop()).toBe(0);
        }
      }
      const keys = await execa("redis-cli", ["-u", redis.url, "keys", "*"]);
      expect(keys.stdout).toContain("user-service:subject demo /user.UserService/CreateUser");
    });

    test("without its database it stays up and is NOT_SERVING, and it recovers", async () => {
      const server = await start(production());
      try {
        expect(await server.status()).toBe(serving);
        await postgres.kill();
        await expect.poll(() => server.status(), { timeout: 90_000 }).toBe(notServing);
        // The liveness probe of Kubernetes.
        expect(await server.status("grpc.health.v1.Health")).toBe(serving);
        await postgres.restart();
        await expect.poll(() => server.status(), { timeout: 90_000 }).toBe(serving);
        await client(server.address);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    });

    test("without Redis calls pass, and health reports it", async () => {
      const server = await start(production());
      try {
        await redis.stop();
        await client(server.address);
        expect(server.log()).toContain("Redis cannot be reached");
        await expect.poll(() => server.status("redis"), { timeout: 90_000 }).toBe(notServing);
        expect(await server.status()).toBe(serving);
        await redis.restart();
        await expect.poll(() => server.status("redis"), { timeout: 90_000 }).toBe(serving);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    });

    test("starts without either, and health reports it", async () => {
      const away = {
        DATABASE_URL: "postgres://app@127.0.0.1:1/x",
        REDIS_URL: "redis://127.0.0.1:1",
      };
      const server = await start({ ...production(), ...away });
      try {
        expect(await server.status()).toBe(notServing);
        expect(await server.status("redis")).toBe(notServing);
        // An init container is patient.
        const migrating = node("dist/migrate.js", { ...production(), ...away });
        await once(migrating.all, "data");
        migrating.kill("SIGTERM");
        expect((await migrating).all).toMatch(/^database: .*ECONNREFUSED.*; waiting for it$/);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    });

    test("migrates at start in development, and does not serve if a migration fails", async () => {
      const { DATABASE_URL, REDIS_URL } = production();
      const development = { ADDRESS: "127.0.0.1:0", DATABASE_URL, REDIS_URL };
      const good = join(project, "migrations/0002-good.sql");
      const bad = join(project, "migrations/0003-bad.sql");
      try {
        await writeFile(good, "CREATE TABLE good ();\n");
        const server = await start(development);
        expect(await server.stop()).toBe(0);
        expect(server.log()).toContain('"migrations":["0002-good.sql"]');

        await writeFile(bad, "SELECT 1;\nSELEC 2;\n");
        const { exitCode, all } = await node("dist/main.js", development);
        expect(exitCode).toBe(1);
        expect(all).toMatch(
          /^database cannot be opened: migrations: 0003-bad\.sql:2: syntax error at or near "SELEC" \(SQLSTATE 42601\)$/m,
        );
      } finally {
        await Promise.all([rm(good, { force: true }), rm(bad, { force: true })]);
      }
    });

    test("the doctor checks both", async () => {
      const { DATABASE_URL, REDIS_URL } = production();
      const places = { ADDRESS: "127.0.0.1:0", SERVER_ADDRESS: "127.0.0.1:1" };
      const doctor = async (env: Record<string, string>) =>
        execa("npx", ["grpc-service", "doctor"], {
          cwd: project,
          env: userEnvironment({ ...places, ...env }),
          extendEnv: false,
          reject: false,
        });
      const healthy = await doctor({ DATABASE_URL, REDIS_URL });
      expect(healthy.stdout).toMatch(/^ok +resources +database works$/m);
      expect(healthy.stdout).toMatch(/^ok +resources +redis works$/m);
      const ill = await doctor({
        DATABASE_URL: "postgres://app@127.0.0.1:1/x",
        REDIS_URL: "redis://127.0.0.1:1",
      });
      expect(ill.stdout).toMatch(/^failure +resources +database does not work: .*ECONNREFUSED/m);
      expect(ill.stdout).toMatch(/^warning +resources +redis does not work: .*ECONNREFUSED/m);
      expect(ill.exitCode).toBe(1);
    });
  });
});
