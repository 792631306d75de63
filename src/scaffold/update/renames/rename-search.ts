import type { FileRegistry } from "@bufbuild/protobuf";
import type { ServiceModel } from "../../../plugin/model.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import type { Code } from "../code/code.ts";

/** What a search for renames compares. */
export interface RenameSearch {
  readonly code: Code;
  readonly services: readonly ServiceModel[];
  readonly before: ModelsBefore;
  /** The messages of the protos as they are. */
  readonly registry: FileRegistry;
}
