import { parseArgs } from "node:util";
import { type Corpus, corpora } from "../../tooling/corpus/corpora.ts";
import type { CompilerChoice } from "./typescript.ts";

export interface CorpusOptions {
  readonly corpora: readonly Corpus[];
  readonly typescript: CompilerChoice;
  /** Which build of our programs to run. */
  readonly run: "bundles" | "sources";
  /** Only make examples of the messages. */
  readonly examples: boolean;
  /** Whether a project is to be scaffolded from the sample of a corpus. */
  readonly scaffolds: (corpus: Corpus) => boolean;
}

export const usage = `npm run corpus -- [options]

Generates code for the protos of published packages, type-checks it, and scaffolds projects from
some of them. Exits with 1 if our output or our programs fail.

  --quick             a small part, in less than a minute
  --only <name>       one corpus; repeatable: ${corpora.map(({ name }) => name).join(", ")}
  --typescript all    also check with TypeScript 5.9 and 6.0
  --sources           run src/, even if dist/ is built
  --no-projects       do not scaffold projects
  --examples          only make an example of every message, and send it over the wire and through JSON
  --help`;

/** Reads the command line. Undefined for --help. @throws Error naming what is wrong */
export function parseOptions(args: readonly string[]): CorpusOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      typescript: { type: "string", default: "own" },
      sources: { type: "boolean", default: false },
      "no-projects": { type: "boolean", default: false },
      examples: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { only, typescript, quick } = values;
  if (typescript !== "own" && typescript !== "all") {
    throw new Error(`--typescript takes all or own, not ${typescript}`);
  }
  const unknown = only?.find((name) => !corpora.some((corpus) => corpus.name === name));
  if (unknown !== undefined) throw new Error(`unknown corpus ${unknown}`);
  return {
    corpora: corpora.filter((corpus) => {
      return only === undefined ? corpus.quick !== undefined || !quick : only.includes(corpus.name);
    }),
    typescript,
    run: values.sources ? "sources" : "bundles",
    examples: values.examples,
    scaffolds: (corpus) => {
      return !values["no-projects"] && (!quick || corpus.quick === "generate and scaffold");
    },
  };
}
