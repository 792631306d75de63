import { posix } from "node:path";
import { relativePath } from "../wire-methods.ts";

/** The path of an import after a move, in the form it had. */
export function followed(
  path: string,
  { importer, target, moved }: { readonly importer: string; target: string; moved: string },
): string {
  if (!path.startsWith(".")) {
    const [before, after] = [target, moved].map((each) =>
      each.replace(/^src\//, "").replace(/\.ts$/, ""),
    );
    return path.replace(before ?? "", after ?? "");
  }
  const extension = /\.[cm]?[jt]s$/.exec(path)?.[0] ?? "";
  const bare = moved.replace(/\.[cm]?[jt]s$/, "");
  const withIndex = posix.basename(path).replace(extension, "") === "index";
  const file = withIndex ? bare : bare.replace(/\/index$/, "");
  return relativePath(importer, file) + extension;
}
