import { type Files, filesIn } from "./files.ts";
import { readPack } from "./pack.ts";

/** What template-files.ts reads from disk, from the packs of the published package. */
export function readTemplateFiles(packageRoot: string, folder: string): Files {
  if (folder === "runtime") return readPack(packageRoot, "runtime");
  return filesIn(readPack(packageRoot, "templates"), folder);
}
