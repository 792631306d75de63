/** A change that code of a user needs when it goes from one version to another, such as a renamed export. */
export interface Migration {
  /** Its number for `--skip`. Numbers are given out in order and never again. */
  readonly number: number;
  /** What it changes, in one line. */
  readonly title: string;
  /** The first version that needs it. */
  readonly version: string;
  /** Changes the text of a TypeScript file. What it does not know, it leaves alone. */
  change(text: string): string;
}
