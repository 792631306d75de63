import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolders } from "../temporary-folders.ts";
import { copyProject } from "./project-copy.ts";

const temporaryFolder = temporaryFolders();

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const script = fileURLToPath(new URL("../../scripts/doctor/index.ts", import.meta.url));

/** `npm run doctor` in `root`, on a machine where no server runs. */
async function doctor(root: string, ...args: string[]) {
  const { PATH, SystemRoot, TEMP } = process.env;
  const child = spawn(process.execPath, ["--import", tsx, script, ...args], {
    cwd: root,
    env: { PATH, SystemRoot, TEMP, SERVER_ADDRESS: "127.0.0.1:1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = text(child.stdout);
  const [code] = await once(child, "exit");
  return { code, output: await output };
}

test("a healthy project: every check is fine, and so is the exit code", async () => {
  const root = copyProject(temporaryFolder());
  writeFileSync(join(root, ".env"), "ADDRESS=127.0.0.1:0\n", {
    mode: 0o600,
  });
  const { code, output } = await doctor(root);
  expect(output).not.toMatch(/^(?:failure|warning)/m);
  for (const check of ["tools", "packages", "generated code", "settings", "port", "server"]) {
    expect(output).toMatch(new RegExp(`^(?:ok|skipped) +${check} `, "m"));
  }
  expect(code).toBe(0);
});

/** A project with a setting that is wrong, and a file that no proto gives. */
function breakProject(): string {
  const root = copyProject(temporaryFolder());
  writeFileSync(join(root, ".env"), "ADDRESS=nowhere\n", { mode: 0o600 });
  writeFileSync(join(root, "src/gen/orphan.ts"), "");
  return root;
}

test("a broken one: says what fails and what to do, and exits with 1", async () => {
  const { code, output } = await doctor(breakProject());
  expect(output).toMatch(
    /^failure +settings +ADDRESS must be host:port.*\n +-> see \.env\.example$/m,
  );
  expect(output).toMatch(
    /^failure +generated code +src\/gen\/orphan\.ts: .*\n +-> \w+ run generate$/m,
  );
  expect(output).toMatch(/^skipped +certificates +once the settings are good$/m);
  expect(code).toBe(1);
});

test("--json says the same to programs", async () => {
  const { code, output } = await doctor(breakProject(), "--json");
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    healthy: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ check: "settings", status: "failure" }),
    ]),
  });
});
