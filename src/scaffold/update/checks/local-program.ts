import { access } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Path of a program in the nearest node_modules/.bin at or above a folder. Undefined without one. */
export async function localProgram(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, "node_modules", ".bin", name);
  for (const candidate of process.platform === "win32" ? [`${path}.cmd`] : [path]) {
    if (await exists(candidate)) return candidate;
  }
  const above = dirname(folder);
  return above === folder ? undefined : localProgram(above, name);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
