import { isImport, sortImports } from "./sort-imports.ts";

/** Width that biome formats to. */
export const maxWidth = 100;

/** Start of the line between imports and code: it tells protoplugin what to import, and goes. */
export const namingLine = "#names ";

/** Sorts and lays out the import statements of a printed file, as biome would. */
export function layoutImports(text: string): string {
  const start = text.startsWith(namingLine) ? 0 : text.indexOf(`\n${namingLine}`) + 1;
  const end = text.indexOf("\n", start) + 1;
  const head = text.slice(0, start).split("\n");
  const imports = head.filter(isImport);
  // protoplugin prints them in one block.
  const first = head.findIndex(isImport);
  const lines = [
    ...head.slice(0, first),
    ...sortImports(imports).flatMap(breakLine),
    ...head.slice(first + imports.length),
  ];
  return lines.join("\n") + text.slice(end);
}

const comment = /^\s*(\/\/|\/\*|\*)/;

/**
 * Lays out a printed piece of code as biome would: lines too long are broken at their brackets. It
 * knows the few shapes of line that the emitters print, no more.
 */
export function layoutLine(text: string): string {
  if (text.length <= maxWidth || comment.test(text)) {
    return text;
  }
  return text.split("\n").flatMap(breakLine).join("\n");
}

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

/** Outermost brackets of a line that are closed in it and hold something. */
function bracketGroups(line: string): BracketGroup[] {
  const groups: BracketGroup[] = [];
  const code = line.replace(/"[^"]*"/g, (string) => "_".repeat(string.length));
  let depth = 0;
  let start = 0;
  let itemStart = 0;
  let items: string[] = [];
  for (const { 0: character, index } of code.matchAll(/[(){}<>,]/g)) {
    if ("({<".includes(character)) {
      depth++;
      if (depth === 1) {
        start = itemStart = index + 1;
        items = [];
      }
    } else if (character === ",") {
      if (depth === 1) {
        items.push(line.slice(itemStart, index).trim());
        itemStart = index + 1;
      }
    } else if (depth > 0) {
      depth--;
      if (depth === 0 && index > start) {
        items.push(line.slice(itemStart, index).trim());
        groups.push({ open: line[start - 1] ?? "", start, end: index, items });
      }
    }
  }
  return groups;
}
