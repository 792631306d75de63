import { withLineEndingOf } from "../../line-endings.ts";

/** The three texts of a file. */
export interface Texts {
  /** As it is in the project. */
  readonly ours: string;
  /** As the version that wrote it printed it. */
  readonly base: string;
  /** As it is to become. */
  readonly theirs: string;
}

/** The names of the three sides, which stand in conflict markers. */
export type Labels = Readonly<Record<keyof Texts, string>>;

/** Merges the lines of a text. Where both sides changed the same lines, it puts conflict markers around them. */
export type MergeText = (texts: Texts, labels: Labels) => Promise<string>;

/** The result of a merge. */
export interface MergedText {
  readonly text: string;
  /** Line numbers of the conflicts, from 1. */
  readonly conflicts: readonly number[];
}

/**
 * Merges a file of the user. The line ending is that of the user's file.
 *
 * The formatted texts match a project whose formatter has run over everything, the raw ones a project whose
 * formatter has not. The raw ones are tried if the formatted ones conflict.
 */
export async function mergeFile(
  merge: MergeText,
  ours: string,
  formatted: Omit<Texts, "ours">,
  raw: Omit<Texts, "ours">,
  labels: Labels,
): Promise<MergedText> {
  const first = await mergeLines(merge, { ours, ...formatted }, labels);
  if (first.conflicts.length === 0) return first;
  if (raw.base === formatted.base && raw.theirs === formatted.theirs) return first;
  const second = await mergeLines(merge, { ours, ...raw }, labels);
  return second.conflicts.length === 0 ? second : first;
}

async function mergeLines(merge: MergeText, texts: Texts, labels: Labels): Promise<MergedText> {
  // A byte order mark is no difference, and stays.
  if (texts.ours.startsWith("\uFEFF")) {
    const { text, conflicts } = await mergeLines(
      merge,
      { ...texts, ours: texts.ours.slice(1) },
      labels,
    );
    return { text: `\uFEFF${text}`, conflicts };
  }
  const { ours } = texts;
  const base = withLineEndingOf(ours, texts.base);
  const theirs = withLineEndingOf(ours, texts.theirs);
  if (ours === base) return { text: theirs, conflicts: [] };
  if (base === theirs || ours === theirs) return { text: ours, conflicts: [] };
  const text = await merge({ ours, base, theirs }, labels);
  return { text, conflicts: conflictLines(text, labels.ours) };
}

function conflictLines(text: string, label: string): number[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => (line === `<<<<<<< ${label}` ? [index + 1] : []));
}
