/** A mistake in a stub file. */
export interface Problem {
  /** Where, such as `stubs[0].response.name`; empty for the file as a whole. */
  readonly at: string;
  readonly text: string;
}

/** One line that names the file and the place. */
export function problemLine(file: string, { at, text }: Problem): string {
  return [file, at, text].filter((part) => part !== "").join(": ");
}
