import { lineEnding } from "../../../line-endings.ts";
import {
  compareImports,
  type ImportStatement,
  printImport,
} from "../../../print/import-statement.ts";
import { type ModuleReference, moduleReferences } from "./imports.ts";
import { tokenize } from "./tokens.ts";

/** A replacement of a part of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. Of two at the same place, the first counts. */
export function applyEdits(text: string, edits: Iterable<Edit>): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Adds lines before the closing bracket at `close`, and a comma after the last item if it is missing. */
export function insertBeforeBracket(
  text: string,
  { open, close }: { readonly open: number; readonly close: number },
  lines: readonly string[],
): string {
  const last = tokenize(text)
    .filter(({ start }) => start < close)
    .at(-1);
  const lastCode = last?.end ?? open + 1;
  const comma = lastCode === open + 1 || last?.text === "," ? "" : ",";
  const lineStart = text.lastIndexOf("\n", close) + 1;
  const bracketIsAlone = lineStart > lastCode && text.slice(lineStart, close).trim() === "";
  const at = bracketIsAlone ? lineStart : close;
  const eol = lineEnding(text);
  const added = lines.map((line) => line.replaceAll("\n", eol) + eol).join("");
  const head = text.slice(0, lastCode) + comma + text.slice(lastCode, at);
  return head + (bracketIsAlone ? "" : eol) + added + text.slice(at);
}

/** Adds import statements: merged into one of the same module, else where a formatter puts them. */
export function insertImports(text: string, statements: readonly ImportStatement[]): string {
  return statements.reduce(insertImport, text);
}

function insertImport(text: string, added: ImportStatement): string {
  const present = moduleReferences(text).filter(({ kind }) => kind === "import");
  const eol = lineEnding(text);
  const print = (statement: ImportStatement) => printImport(statement).replaceAll("\n", eol);
  const same = present.find(
    ({ path, typeOnly, onlyNames }) =>
      path === added.path && typeOnly === added.typeOnly && onlyNames,
  );
  if (same !== undefined) {
    const merged = { ...added, names: together(same, added) };
    return text.slice(0, same.start) + print(merged) + text.slice(same.end);
  }
  const [next] = present.filter((other) => compareImports(other, added) > 0).sort(compareImports);
  if (next !== undefined)
    return `${text.slice(0, next.start)}${print(added)}${eol}${text.slice(next.start)}`;
  const at = present.at(-1)?.end;
  if (at === undefined) return `${print(added)}${eol}${eol}${text}`;
  return `${text.slice(0, at)}${eol}${print(added)}${text.slice(at)}`;
}

/** Both lists, without duplicates. */
function together({ names }: ModuleReference, added: ImportStatement) {
  const locals = new Set(added.names.map(({ local }) => local));
  return [...names.filter(({ local }) => !locals.has(local)), ...added.names];
}

/** `src/app.ts:12` for a position in a text. */
export function placeOf(path: string, text: string, position: number): string {
  return `${path}:${text.slice(0, position).split("\n").length}`;
}
