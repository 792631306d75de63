import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { published, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

const dry = ["--yes", ...published, "--dry-run"];

describe("a folder with other files", () => {
  beforeEach(() => writeFiles(join(cwd, "demo"), { "README.md": "mine", "notes/a.txt": "a" }));

  test("is refused without a terminal", async () => {
    const before = await readFiles(cwd);
    const { code, notes } = await run(["demo", ...quick], { cwd });
    expect(code).toBe(2);
    expect(notes).toBe(
      "create-grpc-service: demo is not empty; --force adds the missing files and keeps the existing ones\n",
    );
    expect(await readFiles(cwd)).toEqual(before);
  });

  test("--force adds what is missing and says what it kept", async () => {
    const { code, output } = await run(["demo", ...quick, "--force"], { cwd });
    expect(code).toBe(0);
    expect(output).toContain(
      "Kept these files, which differ from the generated ones:\n  README.md\n",
    );
    const files = await readFiles(join(cwd, "demo"));
    expect(files.get("README.md")).toBe("mine");
    expect(files.get("notes/a.txt")).toBe("a");
    expect(files.has("src/main.ts")).toBe(true);
  });

  test("lists what a kept package.json lacks, and installs nothing", async () => {
    const manifest = { type: "module", scripts: { dev: "mine" }, dependencies: { pino: "*" } };
    await writeFiles(join(cwd, "demo"), { "package.json": JSON.stringify(manifest) });
    const { code, output } = await run(["demo", "--yes", ...published, "--no-git", "--force"], {
      cwd,
    });
    expect(code).toBe(0);
    expect(output).toMatch(
      /\nYour package\.json was kept\. Before you can run anything, add to it\n {2}scripts: build, start, .*\n {2}dependencies: @bufbuild\/protobuf, .*\n {2}devDependencies: @biomejs\/biome, .*\n$/,
    );
    expect(output).not.toContain("Installing");
  });

  test("--dry-run lists both", async () => {
    const { output } = await run(["demo", ...dry, "--force"], { cwd });
    expect(output).toContain("keep   README.md\n");
    expect(output).toContain("create src/main.ts\n");
    expect([...(await readFiles(join(cwd, "demo"))).keys()]).toEqual(["README.md", "notes/a.txt"]);
  });

  test("no link in it is followed", async () => {
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, join(cwd, "demo", "src"));
    const { code, notes } = await run(["demo", ...quick, "--force"], { cwd });
    expect(code).toBe(2);
    expect(notes).toContain("src/ is a symbolic link");
    expect(await readdir(elsewhere)).toEqual([]);
  });
});
