/**
 * The order in which biome sorts names and import paths: punctuation, numbers by value, then `A` `a`
 * `B` `b`.
 */
export function compareNaturally(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left.charCodeAt(start) === right.charCodeAt(start)) start++;
  if (start === shorter) return left.length - right.length;
  const a = left.charCodeAt(start);
  const b = right.charCodeAt(start);
  if (isLetter(a) && isLetter(b)) return (a | 0x20) - (b | 0x20) || a - b;
  // Inside a number, compare all of its digits.
  if (isDigit(left, start) || isDigit(right, start)) {
    while (isDigit(left, start - 1)) start--;
  }
  return compareTokens(tokenAt(left, start), tokenAt(right, start));
}

/** A number, or a single character. */
function tokenAt(text: string, start: number): string {
  let end = start;
  while (isDigit(text, end)) end++;
  return text.slice(start, Math.max(end, start + 1));
}

/** Letters of ASCII differ only in one bit from those of the other case. */
function isLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}

function compareTokens(a: string, b: string): number {
  const kind = tokenKind(a);
  if (kind !== tokenKind(b)) return kind - tokenKind(b);
  switch (kind) {
    case punctuation:
      return punctuationOrder.indexOf(a) - punctuationOrder.indexOf(b);
    case number:
      return a.length - b.length || compareCodes(a, b);
    case letter:
      return compareCodes(a.toLowerCase(), b.toLowerCase()) || compareCodes(a, b);
  }
}

const [punctuation, number, letter] = [0, 1, 2] as const;

const punctuationOrder = "/?#=&;,@:. _-+*!%$()[]{}<>|^~'`";

function tokenKind(token: string) {
  if (punctuationOrder.includes(token)) return punctuation;
  return isDigit(token, 0) ? number : letter;
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
