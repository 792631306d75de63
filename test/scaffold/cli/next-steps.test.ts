import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { published, run, temporaryFolder } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

describe("the steps after writing", () => {
  /** A PATH with just these programs, as shell scripts. */
  async function pathWith(programs: Readonly<Record<string, string>>): Promise<string> {
    const bin = join(cwd, "bin");
    await mkdir(bin);
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return bin;
  }

  /** Runs with another PATH: the steps start their programs from the environment. */
  async function runWithPath(path: string, args: readonly string[]) {
    const before = process.env.PATH;
    process.env.PATH = path;
    try {
      return await run(args, { cwd });
    } finally {
      process.env.PATH = before;
    }
  }

  test("the install runs in the project, without NODE_ENV", async () => {
    const path = await pathWith({ npm: 'echo "$1 in $PWD, [$NODE_ENV]" > ran.txt' });
    const { code, output } = await runWithPath(path, ["demo", "--yes", ...published, "--no-git"]);
    expect(code).toBe(0);
    expect(await readFile(join(cwd, "demo/ran.txt"), "utf8")).toBe(`install in ${cwd}/demo, []\n`);
    expect(output).not.toContain("  npm install\n");
  });

  test("a failing install keeps the project and says what to run", async () => {
    const path = await pathWith({ npm: "exit 7" });
    const { code, notes } = await runWithPath(path, ["demo", "--yes", ...published, "--no-git"]);
    expect(code).toBe(1);
    expect(notes).toBe(
      "create-grpc-service: npm install failed; the project is written, continue with: cd demo && npm install\n",
    );
    expect(await readdir(join(cwd, "demo"))).toContain("package.json");
  });

  test("a missing package manager and missing git are reported", async () => {
    const path = await pathWith({});
    const { code, notes, output } = await runWithPath(path, ["demo", "--yes", ...published]);
    expect(code).toBe(1);
    expect(notes).toContain("npm is not installed; the project is written");
    expect(output).toContain("No git repository created: git is not installed.\n");
  });

  test("git makes a repository without a commit, but not inside another", async () => {
    const made = await run(["demo", "--yes", ...published, "--no-install"], { cwd });
    expect(made.output).toContain("Created a git repository; nothing is committed yet.\n");
    expect(await readFile(join(cwd, "demo/.git/HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
    const inner = await run(["inner", "--yes", ...published, "--no-install"], {
      cwd: join(cwd, "demo"),
    });
    expect(inner.output).toContain("No git repository created: the folder is already in one.\n");
  });
});
