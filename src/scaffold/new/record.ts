import type { Answers } from "../templates/template-context.ts";

/** The file in a project that records how it was made. */
export const recordFile = ".create-grpc-service.json";

/** Prints the record of a project for upgrades: the version and the answers that created it. */
export function printRecord(answers: Answers, version: string): string {
  const { name, starter, packageManager } = answers;
  const additions = Object.fromEntries(answers.additions.map((addition) => [addition, true]));
  const record = { version, answers: { name, starter, additions, packageManager } };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
