import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import type { OwnCommands } from "../../tooling/plugins/plugin-process.ts";

/**
 * Makes the node_modules of a scaffolded project that `npm install` would: the pins of an emitted
 * project are ours, so links to our own packages will do, and one to this package. Its commands are
 * the ones that are being checked.
 */
export async function lendModules(project: string, { plugin, tools }: OwnCommands): Promise<void> {
  const source = join(packageRoot(), "node_modules");
  const target = join(project, "node_modules");
  await mkdir(join(target, ".bin"), { recursive: true });
  const packages = (await readdir(source)).filter((name) => !name.startsWith("."));
  const bins = (await readdir(join(source, ".bin"))).map((name) => join(".bin", name));
  for (const name of [...packages, ...bins]) {
    await symlink(join(source, name), join(target, name));
  }
  await symlink(packageRoot(), join(target, "create-grpc-service"));
  const commands = { "protoc-gen-grpc-service": plugin, "grpc-service": tools };
  for (const [name, command] of Object.entries(commands)) {
    const words = [process.execPath, ...command].map((word) => `'${word}'`).join(" ");
    await writeFile(join(target, ".bin", name), launcher(words), { mode: 0o755 });
  }
}

function launcher(command: string): string {
  return `#!/bin/sh\nexec ${command} "$@"\n`;
}
