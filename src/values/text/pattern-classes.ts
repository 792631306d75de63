import { type CharRange, PatternError } from "./pattern.ts";

/** An escape that stands for a class of characters. Sticky. */
export const classEscape: RegExp = /\\(?:[dDsSwW]|[pP](?:\{\^?\w+\}|[A-Z]))/y;

/**
 * The characters of `\d`, `\pL`, `\p{Greek}`, `[:alpha:]`. Of large Unicode classes, a part.
 *
 * @throws PatternError for a class that is not known
 */
export function namedClass(text: string): [ranges: readonly CharRange[], negated: boolean] {
  const perl = /^\\([dsw])$/i.exec(text)?.[1];
  if (perl !== undefined) return [rangesOf(perl.toLowerCase(), text), perl !== perl.toLowerCase()];
  const posix = /^\[:(\^?)(\w+):\]$/.exec(text);
  if (posix !== null) return [rangesOf(posix[2], text), posix[1] === "^"];
  const unicode = /^\\([pP])\{?(\^?)(\w+)\}?$/.exec(text);
  const negated = (unicode?.[1] === "P") !== (unicode?.[2] === "^");
  return [rangesOf(unicode?.[3], text), negated];
}

/** The first character of a text that follows; an escape counts as one. @throws PatternError */
export function parseCharacter(text: string): { code: number; length: number } {
  const hex = /^\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(text);
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (code > 0x10ffff) throw new PatternError(`escape ${hex[0]}`);
    return { code, length: hex[0].length };
  }
  if (!text.startsWith("\\")) {
    const code = text.codePointAt(0) ?? 0;
    return { code, length: code > 0xffff ? 2 : 1 };
  }
  const octal = /^\\([0-7]{3}|0)/.exec(text);
  if (octal !== null) return { code: Number.parseInt(octal[1] ?? "", 8), length: octal[0].length };
  const code = text.codePointAt(1);
  if (code === undefined) throw new PatternError("a \\ at the end");
  const char = String.fromCodePoint(code);
  const control = controls[char];
  if (control !== undefined) return { code: control, length: 2 };
  if (/\w/.test(char)) throw new PatternError(`escape \\${char}`);
  return { code, length: 1 + char.length };
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function rangesOf(name: string | undefined, text: string): readonly CharRange[] {
  const ranges = name === undefined ? undefined : classes.get(name);
  if (ranges === undefined) throw new PatternError(`class ${text}`);
  return ranges;
}

const digit: CharRange = [0x30, 0x39];
const upper: CharRange = [0x41, 0x5a];
const lower: CharRange = [0x61, 0x7a];
const space: readonly CharRange[] = [
  [0x20, 0x20],
  [0x09, 0x0a],
  [0x0c, 0x0d],
];
const punctuation: readonly CharRange[] = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
];
const word: readonly CharRange[] = [digit, upper, [0x5f, 0x5f], lower];

const classes: ReadonlyMap<string, readonly CharRange[]> = new Map<string, readonly CharRange[]>([
  ["d", [digit]],
  ["s", space],
  ["w", word],
  ["alnum", [digit, upper, lower]],
  ["alpha", [upper, lower]],
  ["ascii", [[0, 0x7f]]],
  ["blank", [[0x20, 0x20]]],
  ["cntrl", [[0, 0x1f]]],
  ["digit", [digit]],
  ["graph", [[0x21, 0x7e]]],
  ["lower", [lower]],
  ["print", [[0x20, 0x7e]]],
  ["punct", punctuation],
  ["space", space],
  ["upper", [upper]],
  ["word", word],
  ["xdigit", [digit, [0x41, 0x46], [0x61, 0x66]]],
  ["L", [upper, lower]],
  ["Lu", [upper]],
  ["Ll", [lower]],
  ["Lo", [[0xac00, 0xac63]]],
  ["N", [digit]],
  ["Nd", [digit]],
  ["P", [[0x2c, 0x2f]]],
  ["Pd", [[0x2d, 0x2d]]],
  ["S", [[0x2b, 0x2b]]],
  ["Z", [[0x20, 0x20]]],
  ["Zs", [[0x20, 0x20]]],
  ["Latin", [upper, lower]],
  ["Greek", [[0x3b1, 0x3c1]]],
  ["Cyrillic", [[0x430, 0x44f]]],
  ["Han", [[0x4e00, 0x4e63]]],
  ["Hangul", [[0xac00, 0xac63]]],
  ["Hiragana", [[0x3042, 0x3093]]],
  ["Katakana", [[0x30a2, 0x30f3]]],
]);
