import { ownCommands } from "../tooling/plugins/plugin-process.ts";
import { type CorpusResult, checkCorpus, checkCorpusExamples } from "./corpus/check-corpus.ts";
import { type ExamplesResult, examplesTable } from "./corpus/examples.ts";
import { type CorpusOptions, parseOptions, usage } from "./corpus/options.ts";
import { checkProject, type ProjectResult } from "./corpus/project.ts";
import { corpusTable, failures, projectTable } from "./corpus/report.ts";
import { compilers } from "./corpus/typescript.ts";

/** Makes examples of every message of public protos. */
async function mainExamples({ corpora }: CorpusOptions): Promise<number> {
  const results: ExamplesResult[] = [];
  const broken: string[] = [];
  for (const corpus of corpora) {
    const tell = (step: string) => console.log(`${corpus.name}: ${step}`);
    try {
      results.push(await checkCorpusExamples(corpus, tell));
    } catch (error) {
      broken.push(`${corpus.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  console.log(`\n${examplesTable(results)}`);
  const defects = [...broken, ...results.flatMap((result) => result.defects)];
  for (const defect of defects.slice(0, 100)) console.log(defect);
  return defects.length === 0 ? 0 : 1;
}

/**
 * Generates code for public protos, type-checks it and scaffolds projects. One step at a time, since
 * each uses the whole machine.
 */
async function main({ corpora, typescript, run, scaffolds }: CorpusOptions): Promise<number> {
  const broken: string[] = [];
  const results: CorpusResult[] = [];
  const projects: ProjectResult[] = [];
  const commands = ownCommands(run);
  console.log(`running ${commands.plugin.at(-1)}`);
  const versions = await compilers(typescript);
  for (const corpus of corpora) {
    const tell = (step: string) => console.log(`${corpus.name}: ${step}`);
    try {
      results.push(await checkCorpus(corpus, commands.plugin, versions, tell));
      if (corpus.sample === undefined || !scaffolds(corpus)) continue;
      projects.push(await checkProject(corpus, corpus.sample, commands, tell));
    } catch (error) {
      broken.push(`${corpus.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  console.log(`\n${corpusTable(results, versions)}`);
  if (projects.length > 0) console.log(`\n${projectTable(projects)}`);
  const failed = [...broken, ...failures(results, projects)];
  for (const failure of failed) console.log(`\n${failure}`);
  return failed.length === 0 ? 0 : 1;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  else process.exitCode = await (options.examples ? mainExamples(options) : main(options));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
