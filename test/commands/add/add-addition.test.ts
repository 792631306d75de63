import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runGit } from "../../../src/scaffold/git.ts";
import { parseRecord, recordFile } from "../../../src/scaffold/new/record.ts";
import { proto, quick, readFiles, run, temporaryFolder } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

let originals: string;
let root: string;

beforeAll(async () => {
  originals = await temporaryFolder();
  await writeFile(join(originals, "user.proto"), proto("user"));
  const sources = {
    plain: ["--proto", "user.proto"],
    starter: ["--starter", "user", "--no-postgres"],
  };
  for (const [name, source] of Object.entries(sources)) {
    const args = [name, ...quick, "--name", "demo", ...source];
    expect((await run(args, { cwd: originals })).code).toBe(0);
    await runGit(join(originals, name), ["init", "--quiet"]);
    await commit(join(originals, name));
  }
});

async function use(name: "plain" | "starter"): Promise<void> {
  root = join(await temporaryFolder(), name);
  await cp(join(originals, name), root, { recursive: true });
}

async function commit(folder: string): Promise<void> {
  await runGit(folder, ["add", "--all"]);
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  expect((await runGit(folder, [...who, "commit", "-q", "-m", "A step"])).exitCode).toBe(0);
}

const add = (...args: string[]) => runCommand(["add", ...args], { cwd: root });

/** The files of a project but git's. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const files = await readFiles(folder);
  return new Map([...files].filter(([path]) => !path.startsWith(".git/")));
}

describe.each([
  ["plain", ["--proto", "user.proto"], "postgres"],
  ["plain", ["--proto", "user.proto"], "redis"],
  ["plain", ["--proto", "user.proto"], "kubernetes"],
  ["starter", ["--starter", "user"], "postgres"],
] as const)("%s %j and %s", (name, source, addition) => {
  test("is the same as a project that was made with it", async () => {
    await use(name);
    const { code } = await add(addition, "--no-verify");
    expect(code).toBe(0);
    const others = ["postgres", "redis", "kubernetes"].filter((other) => other !== addition);
    const flags = [`--${addition}`, ...others.map((other) => `--no-${other}`)];
    const whole = ["whole", ...quick, "--name", "demo", ...source, ...flags];
    const cwd = await temporaryFolder();
    await cp(join(originals, "user.proto"), join(cwd, "user.proto"));
    expect((await run(whole, { cwd })).code).toBe(0);
    const [expected, present] = [await filesOf(join(cwd, "whole")), await filesOf(root)];
    for (const files of [expected, present]) {
      // The order of scripts in the file is the only difference.
      const manifest = JSON.parse(files.get("package.json") ?? "");
      files.set("package.json", JSON.stringify(manifest, Object.keys(flat(manifest)).sort()));
      const record = parseRecord(files.get(recordFile) ?? "");
      files.set(recordFile, JSON.stringify(record?.answers));
    }
    expect([...present]).toEqual([...expected]);
  });
});

/** All keys of an object, nested ones too. */
function flat(value: object): Record<string, unknown> {
  const nested = Object.values(value).filter((item) => typeof item === "object");
  return Object.assign({}, value, ...nested.map(flat));
}

describe("in a project with edits", () => {
  beforeEach(() => use("plain"));

  test("edits stay, and the record has the addition", async () => {
    const path = join(root, "src/dependencies.ts");
    const text = await readFile(path, "utf8");
    await writeFile(path, `// mine\n${text}`);
    await commit(root);
    const { code, output } = await add("postgres", "--no-verify");
    expect(code).toBe(0);
    expect(output).toMatch(/^Adding PostgreSQL\.\nAdded:\n/);
    expect(output).toContain("Merged with your changes:\n  src/dependencies.ts\n");
    expect(await readFile(path, "utf8")).toMatch(/^\/\/ mine\n[\s\S]*database/);
    const record = parseRecord(await readFile(join(root, recordFile), "utf8"));
    expect(record?.answers.additions).toEqual(["postgres"]);
    expect(await add("postgres")).toEqual({
      code: 0,
      output: "postgres is already part of this project.\n",
      notes: "",
    });
  });

  test("a line below the one that the addition replaces stays", async () => {
    const path = join(root, "src/dependencies.ts");
    const text = await readFile(path, "utf8");
    const line = "  const limiter = createRateLimiter(config.rateLimit);\n";
    const mine = "  const mailer = createMailer(config);\n";
    expect(text).toContain(line);
    await writeFile(path, text.replace(line, line + mine));
    await commit(root);
    const { code, output } = await add("redis", "--no-verify");
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining("Merged with your changes:\n  src/dependencies.ts\n"),
    });
    expect(await readFile(path, "utf8")).toContain(
      `  const limiter = createSharedRateLimiter(config, redis);\n${mine}`,
    );
  });

  test("--dry-run writes nothing", async () => {
    const before = await filesOf(root);
    const { code, output } = await add("redis", "--dry-run");
    expect(code).toBe(0);
    expect(output).toMatch(/^Adding Redis\.\n[\s\S]*\nNothing was written\.\n$/);
    expect(await filesOf(root)).toEqual(before);
  });

  test("what is not committed is refused", async () => {
    await writeFile(join(root, "note.txt"), "");
    const { code, notes } = await add("redis");
    expect({ code, notes }).toEqual({
      code: 2,
      notes:
        "grpc-service: note.txt is not committed; commit or stash your changes first, so that git can undo this\n",
    });
    expect(existsSync(join(root, ".grpc-service-merge"))).toBe(false);
  });

  test("a project of another version is upgraded first", async () => {
    const record = await readFile(join(root, recordFile), "utf8");
    await writeFile(join(root, recordFile), record.replace("0.1.0", "0.0.9"));
    const { code, notes } = await add("redis");
    expect(code).toBe(2);
    expect(notes).toBe(
      "grpc-service: this project was written by create-grpc-service 0.0.9, and this is 0.1.0; run grpc-service upgrade first\n",
    );
  });

  test("without arguments it lists what can be added", async () => {
    const { code, output } = await add();
    expect(code).toBe(0);
    expect(output).toMatch(/^What can be added:\n {2}kubernetes +manifests for a cluster/);
    expect(output).toContain("\n  service <Name>          a service in proto/");
    expect(output).toContain("\n  rpc <Service>/<Method>  an RPC of a service");
  });

  test.each([
    [["postgress"], '"postgress" cannot be added; did you mean postgres?'],
    [["mysql"], /^"mysql" cannot be added; there are kubernetes, postgres, redis.*, service, rpc$/],
    [["redis", "x"], 'unexpected argument "x"'],
    [
      ["a.proto"],
      '"a.proto" is a proto: to add it to the project, run npx grpc-service sync --proto a.proto',
    ],
    [
      ["service", "b/a.proto"],
      '"b/a.proto" is a proto: to add it to the project, run npx grpc-service sync --proto b/a.proto',
    ],
    [["redis", "--stream", "both"], "--stream has no effect on an addition"],
    [
      ["service"],
      "add service needs a name, such as: grpc-service add service Billing --rpc Charge",
    ],
    [["rpc"], "add rpc needs <Service>/<Method>, such as: grpc-service add rpc Billing/Charge"],
    [["rpc", "A/B", "--no-test"], "--no-test has no effect on add rpc"],
  ])("%j is refused in one line", async (args, message) => {
    const { code, output, notes } = await add(...args);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    const line = notes.replace(/^grpc-service: /, "").trimEnd();
    if (typeof message === "string") expect(line).toBe(message);
    else expect(line).toMatch(message);
  });
});

test("refuses a file in which a conflict was committed", async () => {
  await use("plain");
  const path = join(root, "src/dependencies.ts");
  const before = await readFile(path, "utf8");
  const conflict = "<<<<<<< yours\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> new\n";
  await writeFile(path, `${before}${conflict}`);
  await commit(root);
  expect(await add("postgres", "--no-verify")).toMatchObject({
    code: 2,
    notes: expect.stringContaining(
      "src/dependencies.ts has conflict markers: resolve them and commit first",
    ),
  });
  expect((await runGit(root, ["status", "--porcelain"])).output).toHaveLength(0);
});
