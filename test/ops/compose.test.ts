import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../commands/support/run-command.ts";
import { freePort } from "../runtime/support/free-port.ts";
import { temporaryFolder } from "../scaffold/support.ts";
import { choices, parseYaml, scaffold } from "./projects.ts";

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly stop_grace_period: string;
  readonly mem_limit: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>> & { readonly server: Service };
  readonly volumes?: Readonly<Record<string, unknown>>;
}

/** `npx grpc-service secrets`, which `make docker-up` runs first. */
async function makeSecrets(project: string): Promise<string> {
  expect(await runCommand(["secrets"], { cwd: project })).toMatchObject({ code: 0, notes: "" });
  return readFile(join(project, ".env"), "utf8");
}

describe.each(choices)(
  "docker-compose.yml with $title",
  { tags: "docker-compose" },
  ({ choice }) => {
    const chosen = choice.map((flag) => flag.slice(2)).filter((name) => name !== "kubernetes");
    let project: string;
    let compose: Compose;

    beforeAll(async () => {
      project = await scaffold(choice);
      await makeSecrets(project);
      // Debian's docker-compose parses, checks and resolves as docker does.
      const { stdout } = await execa("docker-compose", ["config"], { cwd: project });
      compose = parseYaml(stdout);
    });

    test("has the server and the chosen additions only", () => {
      const always = Object.entries(compose.services).filter(([, each]) => !each.profiles);
      expect(always.map(([name]) => name).sort()).toEqual(["server", ...chosen].sort());
      const stores = Object.keys(compose.services).filter((name) => name !== "server");
      expect(Object.keys(compose.volumes ?? {}).sort()).toEqual(
        stores.map((name) => `${name}-data`).sort(),
      );
      expect(compose.services.server.depends_on ?? {}).toEqual(
        Object.fromEntries(chosen.map((name) => [name, { condition: "service_healthy" }])),
      );
    });

    test("gives each container no more than it needs", () => {
      for (const [name, service] of Object.entries(compose.services)) {
        expect(service, name).toMatchObject({
          read_only: true,
          cap_drop: ["ALL"],
          security_opt: ["no-new-privileges:true"],
          user: expect.stringMatching(/^(?!root|0)/),
          mem_limit: expect.any(String),
        });
      }
    });

    test("publishes the server on localhost only, and no database but that of `make db-up`", () => {
      const published: Record<string, string[]> = {
        server: ["127.0.0.1:50051:50051/tcp"],
        "postgres-dev": ["127.0.0.1:5432:5432/tcp"],
      };
      for (const [name, { ports = [], profiles }] of Object.entries(compose.services)) {
        expect(ports, name).toEqual(published[name] ?? []);
        expect(profiles, name).toEqual(name.endsWith("-dev") ? ["dev"] : undefined);
      }
      expect("postgres-dev" in compose.services).toBe(chosen.includes("postgres"));
    });

    test("has no secrets: without .env it prints which are missing", async () => {
      const text = await readFile(join(project, "docker-compose.yml"), "utf8");
      expect(text).not.toMatch(/PASSWORD: *\w|SECRET/);
      await writeFile(join(project, "empty.env"), "");
      const unset = ["--env-file", "empty.env", "config"];
      const config = await execa("docker-compose", unset, { cwd: project, reject: false });
      expect(config.exitCode).toBe(chosen.length === 0 ? 0 : 1);
      if (chosen.length > 0) expect(config.stderr).toContain("is not set in .env");
    });

    test("waits longer than the grace period of the server", () => {
      const { environment, stop_grace_period } = compose.services.server;
      // Resources have 5 s to close after the grace period.
      const needed = Number(environment.SHUTDOWN_GRACE_MS) / 1000 + 5;
      expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThan(needed);
    });

    test("the server gets the settings of .env, and the addresses of the other services", () => {
      const { environment } = compose.services.server;
      expect(environment).toMatchObject({
        ENV: "production",
        ADDRESS: "0.0.0.0:50051",
        MESSAGE_LANGUAGE: "en",
        AUTH_JWT_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(environment.DATABASE_URL !== undefined).toBe(chosen.includes("postgres"));
      expect(environment.MEMORY_STORE).toBe(chosen.includes("postgres") ? undefined : "on");
      expect(environment.REDIS_URL !== undefined).toBe(chosen.includes("redis"));
    });
  },
);

describe("npx grpc-service secrets", () => {
  const read = (text: string) => parseEnv(text);

  test("creates .env for this user only, with a value for every secret", async () => {
    const project = await scaffold(["--postgres", "--redis"]);
    const env = read(await makeSecrets(project));
    for (const name of ["AUTH_JWT_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]) {
      expect(env[name], name).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set([env.AUTH_JWT_SECRET, env.POSTGRES_PASSWORD, env.REDIS_PASSWORD]).size).toBe(3);
    expect((await stat(join(project, ".env"))).mode & 0o777).toBe(0o600);
  });

  test("keeps what is set, and creates no key if a key set is used", async () => {
    const project = await scaffold(["--postgres"]);
    const mine = "AUTH_JWKS_URL=https://auth.example.com/keys\nPOSTGRES_PASSWORD=mine\nX=1\n";
    await writeFile(join(project, ".env"), mine);
    expect(await makeSecrets(project)).toBe(mine);
    await writeFile(join(project, ".env"), "# AUTH_JWT_SECRET=\nPOSTGRES_PASSWORD=\n");
    expect(read(await makeSecrets(project))).toEqual({
      AUTH_JWT_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
      POSTGRES_PASSWORD: expect.stringMatching(/^[0-9a-f]{64}$/),
      AUTH_ISSUER: "demo",
      AUTH_AUDIENCE: "demo",
    });
  });
});

test("the redis container requires the password, and its command line does not show it", {
  tags: "redis-server",
}, async () => {
  const project = await scaffold(["--redis"]);
  const text = await readFile(join(project, "docker-compose.yml"), "utf8");
  const { redis } = parseYaml<Compose>(text).services;
  const folder = await temporaryFolder();
  const port = String(await freePort());
  const asRun = (part: string) =>
    part.replaceAll("$$", "$").replace("dir /data", `dir ${folder}\nport ${port}`);
  const [shell = "", ...args] = (redis?.command ?? []).map(asRun);
  const env = { REDISCLI_AUTH: "s3cret" };
  const server = execa(shell, args, { env, reject: false });
  try {
    const [, check = ""] = redis?.healthcheck?.test ?? [];
    const healthy = async (auth: Record<string, string>) =>
      (
        await execa("sh", ["-c", check.replace("redis-cli", `redis-cli -p ${port}`)], {
          env: auth,
          reject: false,
        })
      ).exitCode === 0;
    await expect.poll(() => healthy(env), { timeout: 50_000 }).toBe(true);
    expect(await healthy({ REDISCLI_AUTH: "guess" })).toBe(false);
    expect(await readFile(`/proc/${server.pid}/cmdline`, "utf8")).not.toContain("s3cret");
  } finally {
    server.kill("SIGTERM");
  }
  expect((await server).exitCode).toBe(0); // it is process 1, not a child of the shell
});
