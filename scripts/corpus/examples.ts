import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { openExampleValues } from "../../src/values/example-values.ts";
import type { Image } from "../../tooling/plugins/image.ts";
import { table } from "../../tooling/table.ts";
import { allMessages } from "../../tooling/values/all-messages.ts";
import { defectFinder } from "../../tooling/values/survives.ts";

/** Examples of the messages of a corpus. */
export interface ExamplesResult {
  readonly name: string;
  readonly messages: number;
  readonly seconds: number;
  /** Of the message that took longest. */
  readonly longestMs: number;
  /** What is wrong with examples, one line each. */
  readonly defects: readonly string[];
}

/** Makes an example of every message, and sends it over the wire and through JSON. */
export async function checkExamples(image: Image): Promise<Omit<ExamplesResult, "name">> {
  const schema = createFileRegistry(create(FileDescriptorSetSchema, { file: [...image] }));
  const values = await openExampleValues(schema);
  const defectOf = defectFinder(values);
  const started = performance.now();
  const defects: string[] = [];
  let longestMs = 0;
  const messages = allMessages(schema);
  for (const desc of messages) {
    const before = performance.now();
    const defect = defectOf(desc);
    if (defect !== undefined) defects.push(defect);
    longestMs = Math.max(longestMs, performance.now() - before);
  }
  const seconds = (performance.now() - started) / 1000;
  return { messages: messages.length, seconds, longestMs, defects };
}

/** How many examples were made, and how fast. */
export function examplesTable(results: readonly ExamplesResult[]): string {
  const header = ["corpus", "messages", "examples in s", "longest ms", "defects"];
  return table(
    header,
    results.map(({ name, messages, seconds, longestMs, defects }) => {
      return [name, `${messages}`, seconds.toFixed(1), longestMs.toFixed(0), `${defects.length}`];
    }),
  );
}
