import { FAILSAFE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { UsageError } from "../terminal/errors.ts";

/**
 * Parses a file with one YAML document. All scalars are strings, and an empty file is an empty string.
 * Tags and aliases are refused: aliases can expand a few lines without limit.
 *
 * @param shown the file, for messages
 * @throws UsageError with file and line
 */
export function parseYaml(text: string, shown: string): unknown {
  const documents = readDocuments(text, shown);
  if (documents.length > 1) {
    throw new UsageError(`${shown}: expected one document, not ${documents.length}`);
  }
  return documents[0] ?? "";
}

function readDocuments(text: string, shown: string): unknown[] {
  try {
    return loadAll(text, { schema: FAILSAFE_SCHEMA, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new UsageError(`${shown}:${(error.mark?.line ?? 0) + 1}: ${error.reason}`);
  }
}
