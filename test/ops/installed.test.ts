// @module-tag installs

import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { create, createSandbox, type Sandbox } from "../e2e/packed.ts";
import { freePort } from "../runtime/support/free-port.ts";
import { readTree } from "../support/emitted-files.ts";
import { accepts, whileServing } from "../support/serving.ts";
import { buildImage, type Image, makeReadOnly } from "./image.ts";
import { fakeProgram } from "./projects.ts";

describe("an installed project", { timeout: 300_000 }, () => {
  let place: Sandbox;
  let project: string;

  beforeAll(async () => {
    place = await createSandbox();
    await chmod(place.folder, 0o755);
    project = join(place.folder, "user-service");
    await create(place, [
      "user-service",
      "--starter",
      "user",
      "--no-postgres",
      "--yes",
      "--no-git",
    ]);
  }, 300_000);
  afterAll(() => place.remove());

  describe("the Dockerfile, run without Docker", () => {
    let image: Image;
    const keys = {
      AUTH_JWT_SECRET: "0123456789abcdef0123456789abcdef",
      AUTH_ISSUER: "test",
      AUTH_AUDIENCE: "test",
      MEMORY_STORE: "on",
    };

    beforeAll(async () => {
      image = await buildImage(project, place.folder);
      await makeReadOnly(image.folder);
    }, 300_000);
    afterAll(() => execa("chmod", ["-R", "u+w", image.folder]));

    /** Starts what CMD and HEALTHCHECK say, as the user of the image where we may. */
    function start([program = "", ...args]: readonly string[], extra: Record<string, string>) {
      const [uid = 0, gid = 0] = image.user.split(":").map(Number);
      const root = process.getuid?.() === 0;
      return execa(program, args, {
        cwd: image.folder,
        env: { PATH: process.env.PATH ?? "", ...image.environment, ...extra },
        extendEnv: false,
        reject: false,
        all: true,
        ...(root && { uid, gid }),
      });
    }

    test("gives a small tree, without tools and without a secret", async () => {
      const paths = await readdir(image.folder, { recursive: true });
      const tops = paths.filter((path) => !path.includes("/")).sort();
      expect(tops).toEqual(["dist", "node_modules", "package.json"]);
      const { stdout } = await execa("du", ["-sk", image.folder]);
      expect(Number.parseInt(stdout, 10)).toBeLessThan(40_000);
      const tools = ["typescript", "vitest", "tsx", "@bufbuild/buf", "create-grpc-service"];
      expect(tools.filter((tool) => paths.includes(`node_modules/${tool}`))).toEqual([]);
      expect(paths.filter((path) => /\.env$|\.key$/.test(path))).toEqual([]);
    });

    test("runs as a numeric user other than root", () => {
      expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    });

    test("does not serve in production without keys of its own", async () => {
      const { exitCode, all } = await start(image.command, { ADDRESS: "127.0.0.1:0" });
      expect(exitCode).toBe(1);
      expect(all).toMatch(/^AUTH_JWKS_URL or AUTH_JWT_SECRET must be set when ENV=production$/m);
    });

    test("serves from a read-only tree, is healthy, and ends with 0 at SIGTERM", async () => {
      const before = await readdir(image.folder, { recursive: true });
      const port = await freePort();
      const address = { ADDRESS: `127.0.0.1:${port}` };
      const server = start(image.command, { ...keys, ...address });
      try {
        await expect.poll(() => accepts(port), { timeout: 90_000 }).toBe(true);
        expect(await start(image.healthCheck, { ...keys, ...address })).toMatchObject({
          exitCode: 0,
          all: "",
        });
      } finally {
        server.kill("SIGTERM");
      }
      expect((await server).exitCode).toBe(0);
      expect((await start(image.healthCheck, { ...keys, ...address })).exitCode).toBe(1);
      expect(await readdir(image.folder, { recursive: true })).toEqual(before);
    });
  });

  describe("the Makefile", () => {
    let fakes: string;
    beforeAll(async () => {
      fakes = join(place.folder, "fakes");
      await mkdir(fakes);
      await fakeProgram(fakes, "docker", `echo "$@" >> ${join(fakes, "docker.log")}`);
    });

    /** `make <target>`, without the lines by which npm says what it runs. */
    async function make(target: string, env: Record<string, string> = {}): Promise<string> {
      const path = { PATH: `${fakes}${delimiter}${process.env.PATH}` };
      const { all } = await execa("make", [target], {
        cwd: project,
        env: userEnvironment({ ...path, ...env }),
        extendEnv: false,
        all: true,
      });
      return all;
    }

    const listed = async () => [...(await make("help")).matchAll(/^ {2}(\S+)/gm)].map(([, t]) => t);

    test("lists every target, and all are tested here", async () => {
      const text = await readFile(join(project, "Makefile"), "utf8");
      const phony = [...text.matchAll(/^\.PHONY: (.*)$/gm)].flatMap(([, names]) =>
        names?.split(" "),
      );
      const others = ["proto", "run-server", "run-client"];
      expect([...(await listed()), ...others].sort()).toEqual(phony.sort());
      expect(await listed()).toEqual([
        ...["help", "dev", "build", "start", "client", "test", "lint", "typecheck", "format"],
        ...["generate", "breaking", "doctor", "certs", "docker-up", "docker-down", "clean"],
      ]);
      expect(text).not.toMatch(/^ +\S/m); // recipes are indented by tabs
    });

    test("an action has the name of its script", async () => {
      const text = await readFile(join(project, "Makefile"), "utf8");
      const manifest = await readFile(join(project, "package.json"), "utf8");
      const { scripts }: { readonly scripts: Record<string, string> } = JSON.parse(manifest);
      const tools = Object.keys(scripts).filter((name) => scripts[name] !== `grpc-service ${name}`);
      const runs = [...text.matchAll(/^([\w-]+):.*\n\tnpm run (\S+)$/gm)];
      expect(runs.map(([, target]) => target)).toEqual(runs.map(([, , script]) => script));
      expect(runs.map(([, , script]) => script).sort()).toEqual(tools.sort());
    });

    test.each(["generate", "proto"])("%s changes nothing in a new project", async (target) => {
      const gen = readTree(join(project, "src/gen"));
      await make(target);
      expect(readTree(join(project, "src/gen"))).toEqual(gen);
    });

    test("build, clean", async () => {
      await make("build");
      expect(existsSync(join(project, "dist/main.js"))).toBe(true);
      await make("clean");
      expect(existsSync(join(project, "dist"))).toBe(false);
    });

    test("breaking", async () => {
      const git = (...args: string[]) =>
        execa("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
          cwd: project,
        });
      await git("init", "--quiet", "--initial-branch=main");
      await git("add", "proto");
      await git("commit", "--quiet", "--message", "Protos");
      expect(await make("breaking")).toContain("No breaking changes since main");
      await rm(join(project, ".git"), { recursive: true });
    });

    test.each([
      ["start", "client"],
      ["run-server", "run-client"],
    ])("%s and %s", async (start, call) => {
      await whileServing(`make ${start}`, project, async (address) => {
        const client = await make(call, { SERVER_ADDRESS: address });
        expect(client).toContain("CreateUser (unary)");
      });
    });

    test("dev", async () => {
      await whileServing("make dev", project, () => Promise.resolve());
    });

    test("test, lint, typecheck and format", async () => {
      expect(await make("test")).toMatch(/Tests +\d+ passed/);
      for (const target of ["lint", "typecheck"]) await make(target);
      expect(await make("format")).toContain("No fixes applied.");
    });

    test("certs and doctor", { tags: "openssl" }, async () => {
      await make("certs");
      await expect(readFile(join(project, "certs/server.key"), "utf8")).resolves.toContain(
        "PRIVATE",
      );
      await writeFile(join(project, ".env"), "", { mode: 0o600 });
      const report = await make("doctor", {
        ADDRESS: "127.0.0.1:0",
        SERVER_ADDRESS: "127.0.0.1:1",
      });
      expect(report).toMatch(/^ok +generated code /m);
      expect(report).not.toMatch(/^(?:failure|warning) /m);
    });

    test("docker-up and docker-down call docker, and .env exists before", async () => {
      await make("docker-up");
      await make("docker-down");
      expect(await readFile(join(fakes, "docker.log"), "utf8")).toBe(
        "compose up --build --detach --wait\ncompose down\n",
      );
      expect(await readFile(join(project, ".env"), "utf8")).toMatch(/^AUTH_JWT_SECRET=\w{64}$/m);
    });
  });
});
