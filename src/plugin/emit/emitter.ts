import type { Schema, Target } from "@bufbuild/protoplugin";
import type { Needs } from "../needs.ts";
import type { Parameters } from "../parameters.ts";

/** Prints one kind of file. */
export interface Emitter {
  readonly needs: Needs;
  /** Prints its files for the protos to generate code for. */
  emit(schema: Schema<Parameters>, target: Target): void;
}
