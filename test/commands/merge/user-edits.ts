import { isUtf8 } from "node:buffer";

/** A project in memory, edited as users edit. */
export interface EditedProject {
  readonly files: Map<string, Buffer>;
  /** Every line that the user wrote. Each is unique. */
  readonly lines: readonly string[];
  /** Paths of files with other lines than before. */
  readonly edited: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  /** Path before -> path now. */
  readonly moved: ReadonlyMap<string, string>;
  /** Files that the user added. */
  readonly own: ReadonlyMap<string, Buffer>;
}

/** Numbers from 0 to below `limit`, the same for the same seed. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761 + 97) >>> 0;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Edits a few files of a project at random: lines, whole files and package.json. */
export function editAtRandom(
  written: ReadonlyMap<string, Buffer>,
  wanted: readonly string[],
  seed: number,
): EditedProject {
  const random = randomNumbers(seed);
  const files = new Map(written);
  const lines: string[] = [];
  const edited = new Set<string>();
  const deleted = new Set<string>();
  const moved = new Map<string, string>();
  const own = new Map<string, Buffer>();
  const newLine = () => {
    const line = `// user ${seed}.${lines.length}`;
    lines.push(line);
    return line;
  };
  const edit = (path: string) => {
    const text = files.get(path);
    if (text === undefined || !isUtf8(text) || path === "package.json") return;
    files.set(path, Buffer.from(editLines(text.toString(), random, newLine)));
    edited.add(path);
  };
  // Half of the edits hit files that the versions change.
  const somePath = () => {
    const paths = random(2) === 0 && wanted.length > 0 ? wanted : [...files.keys()];
    return paths[random(paths.length)] ?? "";
  };
  for (let count = 2 + random(6); count > 0; count--) edit(somePath());
  for (let count = random(3); count > 0; count--) {
    const path = somePath();
    const content = files.get(path);
    if (content === undefined || path === "package.json" || edited.has(path)) continue;
    files.delete(path);
    if (random(2) === 0) {
      deleted.add(path);
    } else {
      const target = `src/moved/${path.replaceAll("/", "-")}`;
      files.set(target, content);
      moved.set(path, target);
      if (random(2) === 0) edit(target);
    }
  }
  for (let count = random(3); count > 0; count--) {
    const path = `src/own/${seed}-${count}.ts`;
    const content = Buffer.from(`${newLine()}\n`);
    files.set(path, content);
    own.set(path, content);
  }
  return { files, lines, edited, deleted, moved, own };
}

function editLines(text: string, random: (limit: number) => number, newLine: () => string) {
  const lines = text.split("\n");
  for (let count = 1 + random(4); count > 0; count--) {
    // The last one is empty: it is the line ending of the file.
    const at = random(Math.max(1, lines.length - 1));
    // A line of the user stays: the next edit must not make it disappear.
    if (lines[at]?.startsWith("// user ")) continue;
    const kind = random(3);
    if (kind === 0) lines.splice(at, 0, newLine());
    else if (kind === 1) lines.splice(at, 1);
    else lines.splice(at, 1, newLine());
  }
  return lines.join("\n");
}
