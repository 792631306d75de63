import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import type { NodeCommand } from "../../tooling/plugins/plugin-process.ts";

/**
 * Makes the node_modules of a scaffolded project that `npm install` would: the pins of an emitted
 * project are ours, so links to our own packages will do, and one to this package. Its plugin is the
 * one that is being checked.
 */
export async function lendModules(project: string, plugin: NodeCommand): Promise<void> {
  const source = join(packageRoot(), "node_modules");
  const target = join(project, "node_modules");
  await mkdir(join(target, ".bin"), { recursive: true });
  const packages = (await readdir(source)).filter((name) => !name.startsWith("."));
  const bins = (await readdir(join(source, ".bin"))).map((name) => join(".bin", name));
  for (const name of [...packages, ...bins]) {
    await symlink(join(source, name), join(target, name));
  }
  await symlink(packageRoot(), join(target, "create-grpc-service"));
  const command = [process.execPath, ...plugin].map((word) => `'${word}'`).join(" ");
  await writeFile(join(target, ".bin", "protoc-gen-grpc-service"), launcher(command), {
    mode: 0o755,
  });
}

function launcher(command: string): string {
  return `#!/bin/sh\nexec ${command} "$@"\n`;
}
