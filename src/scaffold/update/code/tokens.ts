import jsTokens from "js-tokens";

/** A token of TypeScript that is neither space nor comment. */
export interface Token {
  readonly kind: "name" | "string" | "punctuation" | "other";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits TypeScript into tokens, so that a search finds code only, never comments, strings, templates or
 * regular expressions. There is no syntax tree: TypeScript 7 has no stable API for one, and a parser would
 * add an eighth to the size of the package. The project's own compiler checks what is built on this.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  for (const { type, value } of jsTokens(text)) {
    const end = start + value.length;
    const kind = kinds[type];
    if (kind !== undefined) tokens.push({ kind, text: value, start, end });
    start = end;
  }
  return tokens;
}

const kinds: Readonly<Record<string, Token["kind"]>> = {
  IdentifierName: "name",
  PrivateIdentifier: "other",
  Punctuator: "punctuation",
  StringLiteral: "string",
  NoSubstitutionTemplate: "other",
  TemplateHead: "other",
  TemplateMiddle: "other",
  TemplateTail: "other",
  RegularExpressionLiteral: "other",
  NumericLiteral: "other",
  Invalid: "other",
};

/** The text between the quotes of a string. */
export function unquoted({ text }: Token): string {
  return text.slice(1, -1);
}

/** Index of the token that closes the bracket at `open`, or -1. */
export function closingToken(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const change = bracket(tokens[index]);
    depth += change;
    if (change < 0 && depth === 0) return index;
  }
  return -1;
}

/** Index of the token that opens the bracket around the token at `index`, or -1. */
export function enclosingToken(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    depth += bracket(tokens[at]);
    if (depth > 0) return at;
  }
  return -1;
}

/** Whether a token opens a bracket or a part of a template. */
export function opens(token: Token | undefined): boolean {
  return bracket(token) > 0;
}

/** 1 for a bracket that opens, -1 for one that closes, else 0. */
function bracket(token: Token | undefined): number {
  if (token === undefined) return 0;
  if (token.kind === "other") return templates(token.text);
  if (token.kind !== "punctuation") return 0;
  return "([{".includes(token.text) ? 1 : ")]}".includes(token.text) ? -1 : 0;
}

/** `${` opens and `}` closes the parts of a template. */
function templates(text: string): number {
  const opens = text.endsWith("${") ? 1 : 0;
  const closes = text.startsWith("}") ? 1 : 0;
  return opens - closes;
}

/**
 * Indices of the tokens where a name is used, without properties of the same name; of the first one for
 * `gen.name`.
 */
export function references(tokens: readonly Token[], local: string): number[] {
  const [name, ...members] = local.split(".");
  return tokens.flatMap((token, index) => {
    if (token.kind !== "name" || token.text !== name) return [];
    if (tokens[index - 1]?.text === ".") return [];
    return members.every((member, at) => tokens[index + 2 * (at + 1)]?.text === member)
      ? [index]
      : [];
  });
}

/** The names in front of a dot: `all` and `user` of `all.user.`. None if there is anything else. */
export function namesBefore(tokens: readonly Token[], dot: number): string[] {
  const [before, name] = tokens.slice(Math.max(dot - 2, 0), dot);
  if (name?.kind !== "name") return [];
  if (before?.text !== ".") return [name.text];
  const rest = namesBefore(tokens, dot - 2);
  return rest.length === 0 ? [] : [...rest, name.text];
}

/** Whether two files differ only in formatting: spaces, quotes, semicolons and trailing commas. */
export function sameCode(a: string, b: string): boolean {
  return a === b || normalized(a) === normalized(b);
}

function normalized(text: string): string {
  return text
    .replace(/['"`]/g, '"')
    .replace(/[\s;]+/g, "")
    .replace(/,(?=[)\]}>])/g, "");
}
