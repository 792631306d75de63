import { CORE_SCHEMA, FAILSAFE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { UsageError } from "../terminal/errors.ts";

/**
 * Parses a file with one YAML document. All scalars are strings, and an empty file is an empty string.
 * Tags and aliases are refused: aliases can expand a few lines without limit.
 *
 * @param shown the file, for messages
 * @throws UsageError with file and line
 */
export function parseYaml(text: string, shown: string): unknown {
  return onlyDocument(text, shown, FAILSAFE_SCHEMA) ?? "";
}

/** The same with numbers, booleans and null, for a file of values. Undefined for an empty file. */
export function parseTypedYaml(text: string, shown: string): unknown {
  return onlyDocument(text, shown, CORE_SCHEMA);
}

function onlyDocument(text: string, shown: string, schema: typeof CORE_SCHEMA): unknown {
  const documents = readDocuments(text, shown, schema);
  if (documents.length > 1) {
    throw new UsageError(`${shown}: expected one document, not ${documents.length}`);
  }
  return documents[0];
}

function readDocuments(text: string, shown: string, schema: typeof CORE_SCHEMA): unknown[] {
  try {
    return loadAll(text, { schema, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new UsageError(`${shown}:${(error.mark?.line ?? 0) + 1}: ${error.reason}`);
  }
}
