import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { commit, git, useRepository } from "./repository.ts";

const { at, change, breaking } = useRepository();

const record = (name: string) =>
  JSON.stringify({ version: "0.1.0", answers: { name, starter: "", packageManager: "npm" } });

/** Moves the project, and renames its RPC. */
async function move(to: string): Promise<void> {
  await change("rpc Greet", "rpc Welcome");
  await mkdir(dirname(join(at.repository, to)), { recursive: true });
  await git(at.repository, "mv", "services/greeter", to);
  at.project = join(at.repository, to);
}

test("follows a project that was moved inside of its repository", async () => {
  await writeFiles(at.project, { ".create-grpc-service.json": record("greeter") });
  await writeFiles(join(at.repository, "services/other"), {
    "buf.gen.yaml": "",
    ".create-grpc-service.json": record("greeter"),
  });
  await commit(at.repository);
  await move("apps/backend/greeter");
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
  // The record may be another one meanwhile, as after an upgrade.
  await writeFiles(at.project, {
    ".create-grpc-service.json": record("greeter").replace("0.1.0", "0.2.0"),
  });
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
});

test("follows a project without a record by its protos", async () => {
  await move("apps/greeter");
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
});

test("says that it cannot compare when the project may have been elsewhere", async () => {
  await writeFiles(at.project, { ".create-grpc-service.json": record("greeter") });
  await commit(at.repository);
  await move("apps/welcome");
  await writeFiles(at.project, { ".create-grpc-service.json": record("welcome") });
  expect(await breaking()).toEqual({
    code: 2,
    output: "",
    notes:
      "grpc-service: the protos cannot be compared: there was no project here then, and it is unknown whether it was at services/greeter; give the commit with its folder, as in --against main:services/greeter\n",
  });
  expect(await breaking(["--against", "main:services/greeter"])).toMatchObject({ code: 1 });
  expect(await breaking(["--against", "main:./services/greeter/"])).toMatchObject({ code: 1 });
  expect(await breaking(["--against", "main:nowhere"])).toMatchObject({
    code: 2,
    notes: "grpc-service: main has no folder nowhere/proto\n",
  });
});

describe("protos that are not a folder of the repository", () => {
  /** Moves proto/ to a repository of its own. */
  async function protosElsewhere(): Promise<string> {
    const protos = join(await temporaryFolder(), "protos");
    await rename(join(at.project, "proto"), protos);
    await git(protos, "init", "--quiet", "--initial-branch=main");
    await commit(protos);
    await git(at.project, "rm", "-r", "--quiet", "--cached", "proto");
    return protos;
  }

  test("a submodule is compared with its commit then", async () => {
    const protos = await protosElsewhere();
    const allowed = ["-c", "protocol.file.allow=always"];
    await git(
      at.repository,
      ...allowed,
      "submodule",
      "--quiet",
      "add",
      protos,
      "services/greeter/proto",
    );
    await commit(at.repository);
    expect(await breaking()).toMatchObject({ code: 0, output: "No breaking changes since main\n" });
    await change("rpc Greet", "rpc Welcome");
    await commit(join(at.project, "proto"));
    expect(await breaking()).toMatchObject({
      code: 1,
      notes: "1 breaking change since main\n",
      output: expect.stringContaining('RPC "Greet"'),
    });
    const hash = await git(at.repository, "rev-parse", "main:services/greeter/proto");
    await rm(join(at.project, "proto"), { recursive: true });
    await mkdir(join(at.project, "proto"));
    expect(await breaking()).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: services/greeter/proto of main is a submodule, and its commit ${hash.slice(0, 12)} is not here; run git submodule update --init, then git -C proto fetch\n`,
    });
  });

  test("a symbolic link cannot be compared", async () => {
    await symlink(await protosElsewhere(), join(at.project, "proto"));
    await commit(at.repository);
    await change("rpc Greet", "rpc Welcome");
    expect(await breaking()).toEqual({
      code: 2,
      output: "",
      notes:
        "grpc-service: services/greeter/proto of main is no folder, but a file or a symbolic link: the protos cannot be compared\n",
    });
  });
});
