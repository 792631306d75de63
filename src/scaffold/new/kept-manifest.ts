import { parseJson, property } from "../../json.ts";

/**
 * Lists what the user must add to a package.json that was kept before the project works, one line per
 * section.
 */
export function missingInManifest(kept: string, ours: string): string[] {
  const theirs = parseJson(kept);
  const wanted = parseJson(ours);
  const lines = ["scripts", "dependencies", "devDependencies"].flatMap((section) => {
    const present = new Set(keys(theirs, section));
    const missing = keys(wanted, section).filter((key) => !present.has(key));
    return missing.length === 0 ? [] : [`${section}: ${missing.join(", ")}`];
  });
  const isModule = property(theirs, "type") === "module";
  return isModule ? lines : ['"type": "module"', ...lines];
}

function keys(manifest: unknown, section: string): string[] {
  const value = property(manifest, section);
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
