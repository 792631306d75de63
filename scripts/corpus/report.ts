import { table } from "../../tooling/table.ts";
import type { CorpusResult } from "./check-corpus.ts";
import type { ProjectResult } from "./project.ts";
import type { TypeErrors } from "./type-check.ts";
import type { Compiler } from "./typescript.ts";

/** What was generated and how many type errors each TypeScript finds in it. */
export function corpusTable(
  results: readonly CorpusResult[],
  compilers: readonly Compiler[],
): string {
  const versions = compilers.map(({ version }) => version);
  const header = [
    ...["corpus", "files", "services", "methods", "ours s", "protoc-gen-es s"],
    ...versions.map((version) => `errors of ours, ${version}`),
    ...versions.map((version) => `of protoc-gen-es, ${version}`),
  ];
  const count = (result: CorpusResult, version: string, kind: "ours" | "messages") => {
    return result.errors.get(version)?.[kind].length ?? 0;
  };
  const numbers = (result: CorpusResult) => [
    result.files,
    result.services,
    result.methods,
    result.seconds.ours,
    result.seconds.messages,
    ...versions.map((version) => count(result, version, "ours")),
    ...versions.map((version) => count(result, version, "messages")),
  ];
  const totals = results.map(numbers).reduce((sum, row) => {
    return row.map((value, column) => value + (sum[column] ?? 0));
  }, []);
  const show = (values: readonly number[]) => {
    return values.map((value, column) =>
      column === 3 || column === 4 ? value.toFixed(1) : `${value}`,
    );
  };
  return table(header, [
    ...results.map((result) => [result.name, ...show(numbers(result))]),
    ["all", ...show(totals)],
  ]);
}

export function projectTable(projects: readonly ProjectResult[]): string {
  const header = ["project from", "written in s", "tests passed", "lint, build and test"];
  return table(
    header,
    projects.map(({ proto, seconds, tests, failure }) => {
      return [proto, seconds.toFixed(1), `${tests}`, failure === undefined ? "pass" : "FAIL"];
    }),
  );
}

/** What is wrong with what we emit, one text each. */
export function failures(
  results: readonly CorpusResult[],
  projects: readonly ProjectResult[],
): string[] {
  return [
    ...results.flatMap(({ name, errors }) => {
      return [...errors]
        .filter(([, { ours }]) => ours.length > 0)
        .map(([version, found]) => {
          return `${name}, TypeScript ${version}:\n${first(found)}`;
        });
    }),
    ...projects.flatMap(({ name, failure }) => {
      return failure === undefined ? [] : [`${name}, project: ${failure.slice(0, 4000)}`];
    }),
  ];
}

function first({ ours }: TypeErrors): string {
  const shown = ours.slice(0, 20).map((line) => `  ${line}`);
  const rest = ours.length - shown.length;
  return [...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
