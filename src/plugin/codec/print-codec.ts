import type { DescMessage } from "@bufbuild/protobuf";
import type { CodecNames } from "./codec-plan.ts";
import type { CodecSource } from "./codec-source.ts";
import { emptyMessage, printCases } from "./print-read.ts";
import { printWrite } from "./print-write.ts";
import { uncovered } from "./uncovered.ts";

/** A generated function: its parameters and result with their types, and its statements. */
export interface CodecFunction {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, type: string])[];
  readonly result: string;
  readonly statements: readonly string[];
}

/** The two functions of a message, and why protobuf-es does the work, if it does. */
export function codecFunctions(
  message: DescMessage,
  names: CodecNames,
  source: CodecSource,
): { readonly functions: readonly CodecFunction[]; readonly reason: string | undefined } {
  const reason = uncovered(message);
  const bodies = reason === undefined ? compiled(message, source) : reflected(message, source);
  const bytes = source.type(source.helperType("Bytes"));
  const reader = source.type(source.helperType("Reader"));
  const functions = [
    {
      name: names.write,
      parameters: [
        ["m", names.init],
        ["b", bytes],
        ["start", "number"],
      ],
      result: "number",
      statements: bodies.write,
    },
    {
      name: names.read,
      parameters: [
        ["r", reader],
        ["end", "number"],
      ],
      result: source.shape(message),
      statements: bodies.read,
    },
  ] as const;
  return { functions, reason };
}

interface Bodies {
  readonly write: readonly string[];
  readonly read: readonly string[];
}

function compiled(message: DescMessage, source: CodecSource): Bodies {
  return {
    write: printWrite(message, source),
    read: printRead(message, source),
  };
}

function printRead(message: DescMessage, source: CodecSource): string[] {
  const members = emptyMessage(message, source);
  const type = source.type(`: ${source.shape(message)}`);
  const empty =
    members === undefined
      ? [`const m${type} = ${source.create()}(${source.schema(message)});`]
      : [`const m${type} = {`, ...members.map((line) => `  ${line}`), "};"];
  const unknown = `r.unknown(t, m, ${source.schema(message)});`;
  const cases = printCases(message, source).map((line) => `    ${line}`);
  const fields =
    cases.length === 0
      ? ["while (r.pos < end) {", "  const t = r.tag();", `  ${unknown}`, "}"]
      : [
          "while (r.pos < end) {",
          "  const t = r.tag();",
          "  switch (t) {",
          ...cases,
          "    default:",
          `      ${unknown}`,
          "  }",
          "}",
        ];
  return [...empty, "r.enter();", ...fields, "r.exit(end);", "return m;"];
}

function reflected(message: DescMessage, source: CodecSource): Bodies {
  const schema = source.schema(message);
  return {
    write: [`return ${source.helper("writeReflected")}(${schema}, m, b, start);`],
    read: [`return ${source.helper("readReflected")}(${schema}, r, end);`],
  };
}
