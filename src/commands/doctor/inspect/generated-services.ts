import { join } from "node:path";
import { isFolder, readTree } from "../../../files.ts";

/** Full names of the services in src/gen, as its comments name them: reading runs no code of the project. */
export function generatedServices(root: string): string[] {
  const folder = join(root, "src/gen");
  if (!isFolder(folder)) return [];
  const names = [...readTree(folder).values()].flatMap((text) =>
    [...text.matchAll(/^ *\* @generated from service (\S+)$/gm)].flatMap(([, name]) => name ?? []),
  );
  return [...new Set(names)];
}
