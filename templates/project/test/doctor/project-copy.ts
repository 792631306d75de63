import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = [
  "package.json",
  "buf.yaml",
  "buf.gen.yaml",
  "proto",
  "src/gen",
  ".env.example",
  "docker-compose.yml",
];

/** An empty folder; gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
  folders.push(folder);
  return folder;
}

/** A copy of what the doctor looks at in this project, to break things in. */
export function copyProject(): string {
  const folder = temporaryFolder();
  for (const part of parts.filter((path) => existsSync(join(root, path)))) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
