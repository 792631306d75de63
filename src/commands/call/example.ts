import { type DescMessage, type FileRegistry, toJsonString } from "@bufbuild/protobuf";
import { openExampleValues } from "../../values/example-values.ts";
import { ValueError } from "../../values/value-error.ts";

/** An example of a message as JSON, or the reason why none was found. */
export type Example = { readonly json: string } | { readonly problem: string };

/** An example of a message as JSON, the same at each call. It obeys the protovalidate rules of the schema. */
export async function exampleJson(desc: DescMessage, schema: FileRegistry): Promise<Example> {
  const values = await openExampleValues(schema);
  try {
    return { json: toJsonString(desc, values.message(desc), { registry: values.registry }) };
  } catch (error) {
    if (error instanceof ValueError) return { problem: error.message };
    throw error;
  }
}
