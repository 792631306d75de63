import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The files of src without src/gen, each with its number of lines, and the sum. */
export async function lineCounts(project: string): Promise<string> {
  const names = await readdir(join(project, "src"), { recursive: true, encoding: "utf8" });
  const paths = names
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.\w+$/.test(name) && !name.startsWith("gen/"))
    .sort();
  let sum = 0;
  const lines: string[] = [];
  for (const path of paths) {
    const count = (await readFile(join(project, "src", path), "utf8")).split("\n").length - 1;
    sum += count;
    lines.push(`${String(count).padStart(5)} src/${path}`);
  }
  return [...lines, `${String(sum).padStart(5)} in ${paths.length} files`].join("\n");
}
