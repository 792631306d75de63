import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { main } from "../src/scaffold/cli/main.ts";
import { protoFilesIn } from "../src/scaffold/protos/sources/proto-folder.ts";
import { table } from "../tooling/table.ts";

const usage = `npx tsx scripts/proto-trees.ts <folder> [-I <dir>]... [--only <tree>]... [--follow]

Each folder in <folder> is a copy of a repository with protos. Scaffolds from each, without writing: from its
top, from the folder of its largest service, and from that file. Prints a table of the outcomes.
-I        folders with imports that a tree lacks
--follow  do what the hints about missing imports say, in the tree, and try again
`;

interface Run {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

/** Scaffolds in a tree without writing. */
async function dryRun(tree: string, args: readonly string[]): Promise<Run> {
  let output = "";
  let notes = "";
  const versions = ["--self", "^0.1.0", "--runtime", "^0.1.0"];
  const code = await main(["new-service", ...args, "--yes", "--dry-run", ...versions], {
    cwd: tree,
    env: {},
    interactive: false,
    columns: 80,
    signal: new AbortController().signal,
    print: (text) => {
      output += text;
    },
    note: (text) => {
      notes += text;
    },
  });
  return { code, output, notes };
}

/** What a user reads first; with `follow`, after the user has done what the hints say. */
async function outcome(
  tree: string,
  proto: string,
  importPaths: readonly string[],
  follow: boolean,
) {
  const added: string[] = [];
  for (;;) {
    const imports = [...importPaths, ...added].flatMap((path) => ["-I", path]);
    const { code, output, notes } = await dryRun(tree, ["--proto", proto, ...imports]);
    if (code === 0) return summary(output, added.length);
    const hints = [...notes.matchAll(/run: (.*?); then add -I (\S+)$/gm)].filter(
      ([, , folder = ""]) => follow && !added.includes(folder),
    );
    if (hints.length === 0) return notes.trimEnd();
    for (const [, command = "", folder = ""] of hints) {
      const place = command.split(" ").at(-1) ?? "";
      if (command.startsWith("npm") || !existsSync(join(tree, place))) {
        execFileSync("sh", ["-c", command], { cwd: tree, stdio: ["ignore", "ignore", "inherit"] });
      }
      if (!added.includes(folder)) added.push(folder);
    }
  }
}

function summary(output: string, hints: number): string {
  const handlers = output.match(/^create src\/services\/[^/]+\/(?!index\.ts$)[^/]+\.ts$/gm) ?? [];
  const protos = output.match(/^create proto\//gm) ?? [];
  const after = hints === 0 ? "" : ` after ${hints} hints`;
  return `ok${after}: ${protos.length} protos, ${handlers.length} RPCs`;
}

/** The file of a tree with the most RPCs. */
async function largestService(tree: string): Promise<string | undefined> {
  let [largest, most]: [string | undefined, number] = [undefined, 0];
  for (const file of await protoFilesIn(tree)) {
    const rpcs = readFileSync(file, "utf8").match(/^\s*rpc\s/gm)?.length ?? 0;
    if (rpcs > most) [largest, most] = [file, rpcs];
  }
  return largest;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "import-path": { type: "string", short: "I", multiple: true, default: [] },
    only: { type: "string", multiple: true },
    follow: { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error(usage);
  process.exit(2);
}
const importPaths = values["import-path"].map((path) => resolve(path));
const rows: string[][] = [];
const notes: string[] = [];
for (const name of readdirSync(folder).sort()) {
  if (values.only?.includes(name) === false) continue;
  const tree = resolve(folder, name);
  const service = await largestService(tree);
  if (service === undefined) continue;
  const file = relative(tree, service);
  const row = [name];
  for (const [entry, proto] of Object.entries({ top: ".", folder: dirname(file), file })) {
    const text = await outcome(tree, proto, importPaths, values.follow);
    if (!text.startsWith("ok")) notes.push(`${name}, ${entry}: ${text}`);
    row.push(text.startsWith("ok") ? text : `[${notes.length}]`);
  }
  rows.push([...row, file]);
  console.error(name);
}
console.log(table(["tree", "top", "folder", "file", "service"], rows));
for (const [index, note] of notes.entries()) console.log(`\n[${index + 1}] ${note}`);
