/** The changes of a run to the files of a folder. Paths are relative to it, with `/`. */
export interface Changes {
  /** Files that must not exist yet. */
  readonly create: ReadonlyMap<string, string | Uint8Array>;
  /** Files that are replaced. */
  readonly update: ReadonlyMap<string, string | Uint8Array>;
  readonly remove: readonly string[];
}
