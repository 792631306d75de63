export interface Patch {
  readonly file: RegExp;
  readonly before: string;
  readonly after: string;
  /** Goes to the end of the file. */
  readonly added: string;
}

/**
 * The protoplugin that protoc-gen-es uses finds all names of a file again for each import, and scans
 * all comments of a file for each descriptor: a file with 1 000 RPCs takes more than a minute. With
 * both remembered it takes seconds, and the output is the same.
 */
export const protopluginPatches: readonly Patch[] = [
  {
    file: /protoplugin[\\/]dist[\\/]cjs[\\/]names\.js$/,
    before: "function allNames(file) {",
    after: "function findNames(file) {",
    added: `
const names = new WeakMap();
function allNames(file) {
  if (!names.has(file)) names.set(file, findNames(file));
  return names.get(file);
}
`,
  },
  {
    file: /protoplugin[\\/]dist[\\/]cjs[\\/]source-code-info\.js$/,
    before: "for (const location of sourceCodeInfo.location) {",
    after: "for (const location of locationsAt(sourceCodeInfo, sourcePath)) {",
    added: `
const locations = new WeakMap();
function locationsAt(sourceCodeInfo, path) {
  let index = locations.get(sourceCodeInfo);
  if (index === undefined) {
    index = new Map();
    for (const location of sourceCodeInfo.location) {
      const key = location.path.join();
      if (!index.has(key)) index.set(key, [location]);
    }
    locations.set(sourceCodeInfo, index);
  }
  return index.get(path.join()) ?? [];
}
`,
  },
];

/** @throws Error when the code is not the one that the patch is for. */
export function applyPatch(patch: Patch, code: string, path: string): string {
  const parts = code.split(patch.before);
  if (parts.length !== 2) throw new Error(`${path} has changed: see protopluginPatches`);
  return parts.join(patch.after) + patch.added;
}
