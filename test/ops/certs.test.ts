import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { temporaryFolder } from "../scaffold/support.ts";
import { fakeProgram } from "./projects.ts";

const tsx = join(packageRoot(), "node_modules/tsx/dist/cli.mjs");
const script = join(packageRoot(), "templates/project/scripts/certs.ts");

/** `npm run certs` in a folder, with this PATH. What it makes, the project's own tests look at. */
function certs(cwd: string, path: string) {
  return execa(process.execPath, [tsx, script], { cwd, env: { PATH: path }, reject: false });
}

test("without openssl it says where to get it, and leaves nothing", async () => {
  const folder = await temporaryFolder();
  const { exitCode, stderr } = await certs(folder, folder);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^openssl was not found\. [^\n]+$/);
  expect(existsSync(join(folder, "certs"))).toBe(false);
});

test("when openssl fails half-way, the certificates that are there stay", {
  tags: "openssl",
}, async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "certs"));
  await writeFile(join(folder, "certs/ca.key"), "old");
  // The authority is made, and then nothing can be signed.
  await fakeProgram(
    folder,
    "openssl",
    `[ "$1" = req ] && PATH='${process.env.PATH}' exec openssl "$@"; echo "cannot sign" >&2; exit 1`,
  );
  const { exitCode, stderr } = await certs(folder, [folder, process.env.PATH].join(delimiter));
  expect(exitCode).toBe(1);
  expect(stderr).toContain("cannot sign");
  expect(await readFile(join(folder, "certs/ca.key"), "utf8")).toBe("old");
  expect(existsSync(join(folder, "certs/server.crt"))).toBe(false);
});
