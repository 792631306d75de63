/** What YAML holds: all scalars are texts, as they are written. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** A text is no YAML, or more of it than we read. */
export class YamlError extends Error {
  /** The text ends too early: the next line may go on. */
  readonly isUnfinished: boolean;

  constructor(message: string, isUnfinished = false) {
    super(message);
    this.isUnfinished = isUnfinished;
  }
}

/** @throws YamlError for a key that is there twice. */
export function mapping(entries: readonly (readonly [string, YamlValue])[]): YamlValue {
  const keys = new Set<string>();
  for (const [key] of entries) {
    if (keys.has(key)) throw new YamlError(`"${key}" appears twice`);
    keys.add(key);
  }
  return Object.fromEntries(entries);
}
