import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { quick, run, temporaryFolder, writeFiles } from "../support.ts";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
});

/** What is printed between the written files and the next steps. */
async function said(args: readonly string[] = [], cwd = root): Promise<string> {
  const { code, output } = await run(["services/shop", ...quick, ...args], { cwd });
  expect(code).toBe(0);
  return output.replace(/^Wrote .*\n/, "").split("\nThe database")[0] ?? "";
}

const manifest = (workspaces: unknown) =>
  JSON.stringify({ name: "root", private: true, workspaces });

test("nothing above: nothing is said", async () => {
  expect(await said()).toBe("");
});

test.each([["services/*"], ["**"], ["./services/shop/"], ["services/*", "!services/mail"]])(
  "a project that the npm workspace lists by %s needs a lock file for its image",
  async (...patterns) => {
    await writeFiles(root, { "package.json": manifest(patterns) });
    expect(await said()).toBe(`\
Part of the npm workspace at ../.., which has the lock file. For the image, make one beside the Dockerfile:
  npm install --workspaces=false --package-lock-only
`);
  },
);

test.each([["packages/*"], ["services/*", "!services/shop"]])(
  "one that it leaves out by %s stands alone",
  async (...patterns) => {
    await writeFiles(root, { "package.json": manifest(patterns) });
    expect(await said()).toBe("");
  },
);

test("Yarn's workspaces", async () => {
  await writeFiles(root, {
    "package.json": manifest({ packages: ["services/*"] }),
    "yarn.lock": "",
  });
  expect(await said(["--package-manager", "yarn"])).toBe(
    "Part of the Yarn workspace at ../.., which has the lock file: the Dockerfile needs it, so build the image from there.\n",
  );
  await writeFiles(root, { "package.json": manifest({ packages: ["packages/*"] }) });
  const other = await run(["other", ...quick, "--package-manager", "yarn"], { cwd: root });
  expect(other.output).toContain(
    "Yarn installs nothing below .. that its workspaces do not list: add this folder to them, or keep it apart with an empty yarn.lock here.\n",
  );
});

test("a pnpm workspace does not reach into a project with settings of its own", async () => {
  await writeFiles(root, { "pnpm-workspace.yaml": "packages:\n  - services/*\n" });
  expect(await said(["--package-manager", "pnpm"])).toBe(
    "Not part of the pnpm workspace at ../.., because it has a pnpm-workspace.yaml: to join, move what is in it there, and remove it.\n",
  );
});

test("another package manager than that of the workspace is pointed out", async () => {
  await writeFiles(root, { "pnpm-workspace.yaml": "packages:\n  - services/*\n" });
  expect(await said()).toBe(
    "The workspace at ../.. uses pnpm, but this project npm: make it with --package-manager pnpm.\n",
  );
});

test("files of a workspace that cannot be read list nothing", async () => {
  await writeFiles(root, { "pnpm-workspace.yaml": "packages: [&a b, *a]\n: :" });
  expect(await said()).toBe("");
  await writeFiles(root, { "package.json": "{" });
  const other = await run(["other", ...quick], { cwd: root });
  expect(other.code).toBe(0);
});

test("below the top of a git repository .github does nothing", async () => {
  await mkdir(join(root, ".git"));
  expect(await said()).toBe(`\
The folder .github works only at the top of the repository, ../..: move its files there. In ci.yml, add
  defaults: { run: { working-directory: "services/shop" } }
`);
  await mkdir(join(root, "own/.git"), { recursive: true });
  expect((await run(["own", ...quick], { cwd: root })).output).not.toContain(".github");
});
