import { expect } from "vitest";
import { openExampleValues } from "../../../src/values/example-values.ts";
import { defectFinder } from "../../../tooling/values/survives.ts";
import { type FieldSpec, messageOf, schemaOf } from "./schema.ts";

/** Ten examples obey the rules. */
export async function expectObeyed(...fields: FieldSpec[]): Promise<void> {
  const schema = schemaOf({
    messages: { Example: fields, Other: [{ name: "id", type: "int32" }] },
  });
  const defectOf = defectFinder(await openExampleValues(schema));
  const labels = Array.from({ length: 10 }, (_, at) => String(at));
  expect(labels.flatMap((label) => defectOf(messageOf(schema), label) ?? [])).toEqual([]);
}

export type Rules = NonNullable<FieldSpec["rules"]>;
export type RulesOf<Case> = Extract<Rules["type"], { case: Case }>["value"];

/** Rules of a string. */
export const text = (value: RulesOf<"string">): Rules => ({ type: { case: "string", value } });
