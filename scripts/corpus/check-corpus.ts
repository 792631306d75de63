import { join } from "node:path";
import type { Corpus } from "../../tooling/corpus/corpora.ts";
import { corpusFolder, stage } from "../../tooling/corpus/stage.ts";
import { generate } from "../../tooling/plugins/generate.ts";
import { compile } from "../../tooling/plugins/image.ts";
import type { NodeCommand } from "../../tooling/plugins/plugin-process.ts";
import { checkExamples, type ExamplesResult } from "./examples.ts";
import { type TypeErrors, typeCheck } from "./type-check.ts";
import type { Compiler } from "./typescript.ts";

export interface CorpusResult {
  readonly name: string;
  readonly files: number;
  readonly services: number;
  readonly methods: number;
  /** Seconds in our plugin and in protoc-gen-es. */
  readonly seconds: { readonly ours: number; readonly messages: number };
  /** Type errors by TypeScript version. */
  readonly errors: ReadonlyMap<string, TypeErrors>;
}

/** From the package to examples of all messages. */
export async function checkCorpusExamples(
  corpus: Corpus,
  tell: (step: string) => void,
): Promise<ExamplesResult> {
  tell("gathering protos");
  const { folder, files } = await stage(corpus);
  tell(`compiling ${files.length} protos`);
  const image = await compile(folder);
  tell("making examples");
  return { ...(await checkExamples(image)), name: corpus.name };
}

/** From the package to type-checked code. */
export async function checkCorpus(
  corpus: Corpus,
  plugin: NodeCommand,
  compilers: readonly Compiler[],
  tell: (step: string) => void,
): Promise<CorpusResult> {
  tell("gathering protos");
  const protos = await stage(corpus);
  const { files, leftOut } = protos;
  const without =
    leftOut.length === 0 ? "" : `, without ${leftOut.length} whose imports are missing`;
  tell(`compiling ${files.length} protos${without}`);
  const image = await compile(protos.folder);
  const own = new Set(files);
  const services = image.filter(({ name }) => own.has(name)).flatMap((file) => file.service);
  tell(`generating ${services.length} services`);
  const folder = join(corpusFolder(corpus), "gen");
  const { ours, messages, paths } = await generate(image, files, folder, plugin);
  const errors = new Map<string, TypeErrors>();
  for (const compiler of compilers) {
    tell(`type-checking ${paths.length} files with TypeScript ${compiler.version}`);
    errors.set(compiler.version, await typeCheck(compiler, folder, paths));
  }
  return {
    name: corpus.name,
    files: own.size,
    services: services.length,
    methods: services.flatMap(({ method }) => method).length,
    seconds: { ours, messages },
    errors,
  };
}
