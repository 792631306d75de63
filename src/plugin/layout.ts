import { isImport, sortImports } from "./sort-imports.ts";

/** Width that biome formats to. */
export const maxWidth = 100;

/** Start of a line that only gives imports their names; it is left out. */
export const namingLine = "#names ";

/**
 * Lays out printed code as biome would: import statements sorted, long lines broken at their
 * brackets. It knows the few shapes of line that the emitters print, no more. It works on text
 * because the width of a line is known only when protoplugin has chosen the names of imports.
 */
export function layout(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith(namingLine));
  const start = lines.findIndex(isImport);
  const imports = lines.filter(isImport);
  // protoplugin prints them in one block.
  lines.splice(start, imports.length, ...sortImports(imports));
  return lines.flatMap(breakLine).join("\n");
}

const comment = /^\s*(\/\/|\/\*|\*)/;

function breakLine(line: string): string[] {
  if (line.length <= maxWidth || comment.test(line)) {
    return [line];
  }
  const indent = " ".repeat(/^ *(\| )?/.exec(line)?.[0].length ?? 0);
  const inner = `${indent}  `;
  const groups = bracketGroups(line);
  const group =
    groups.find(({ open }) => open === "(") ??
    groups.find(({ open, items }) => open === "{" && items.length > 1);
  if (group !== undefined) {
    const items = group.items.flatMap((item) => breakLine(`${inner}${item},`));
    return [
      `${line.slice(0, group.start)}`,
      ...items,
      ...breakLine(indent + line.slice(group.end)),
    ];
  }
  const chain = /^ *([\w$.]+)(\.[\w$]+,)$/.exec(line);
  if (chain !== null) {
    return [`${indent}${chain[1]}`, `${inner}${chain[2]}`];
  }
  const union = /^( *\w+\??:) (.+) \| (.+)$/.exec(line);
  if (union !== null) {
    return [
      `${union[1]}`,
      ...[union[2], union[3]].flatMap((type) => breakLine(`${inner}| ${type}`)),
    ];
  }
  // A lone name stays where it is.
  const types = groups.find(({ open, items }) => open === "<" && /\W/.test(items.join()));
  if (types !== undefined) {
    // Unlike parameters, type arguments take no comma after the last.
    const last = types.items.length - 1;
    const items = types.items.flatMap((item, i) => breakLine(inner + item + (i < last ? "," : "")));
    return [line.slice(0, types.start), ...items, indent + line.slice(types.end)];
  }
  return [line];
}

interface BracketGroup {
  readonly open: string;
  /** Index behind the opening bracket, and of the closing one. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
}

const closing: Readonly<Record<string, string>> = { "(": ")", "{": "}", "<": ">" };

/** Outermost brackets of a line that are closed in it and hold something. */
function bracketGroups(line: string): BracketGroup[] {
  const groups: BracketGroup[] = [];
  const code = line.replace(/"[^"]*"/g, (string) => "_".repeat(string.length));
  for (let start = 0; start < code.length; start++) {
    const open = code[start] ?? "";
    const end = open in closing ? closingIndex(code, start) : -1;
    if (end > start + 1) {
      groups.push({ open, start: start + 1, end, items: splitItems(line.slice(start + 1, end)) });
      start = end;
    }
  }
  return groups;
}

function closingIndex(line: string, start: number): number {
  let depth = 0;
  for (let i = start; i < line.length; i++) {
    const character = line[i] ?? "";
    if (character in closing) {
      depth++;
    } else if (Object.values(closing).includes(character) && --depth === 0) {
      return i;
    }
  }
  return -1;
}

function splitItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (character in closing) {
      depth++;
    } else if (Object.values(closing).includes(character)) {
      depth--;
    } else if (character === "," && depth === 0) {
      items.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...items, text.slice(start).trim()];
}
