import { cpSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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

/** Copies what the doctor looks at in this project to `folder`, to break things in; returns it. */
export function copyProject(folder: string): string {
  for (const part of parts.filter((path) => existsSync(join(root, path)))) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}
