import type { Schema, Target } from "@bufbuild/protoplugin";
import type { Needs } from "../needs.ts";
import type { Parameters } from "../parameters.ts";

/** Prints one kind of file. */
export interface Emitter {
  readonly needs: Needs;
  /** Generates its files for the protos of a request. */
  emit(schema: Schema<Parameters>, target: Target): void;
}
