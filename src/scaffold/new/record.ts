import type { Answers } from "../templates/template-context.ts";

/** The file in a project that records how it was made. */
export const recordFile = ".create-grpc-service.json";

/** The record of a project: the version and the answers that made it, for upgrades. */
export function printRecord(answers: Answers, version: string): string {
  const { name, starter, packageManager } = answers;
  const additions = Object.fromEntries(answers.additions.map((addition) => [addition, true]));
  const record = { version, answers: { name, starter, additions, packageManager } };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
