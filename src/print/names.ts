// biome-ignore format: a list
const reservedWords = new Set([
  "arguments", "await", "break", "case", "catch", "class", "const", "continue",
  "debugger", "default", "delete", "do", "else", "enum", "eval", "export",
  "extends", "false", "finally", "for", "function", "if", "implements", "import",
  "in", "instanceof", "interface", "let", "new", "null", "package", "private",
  "protected", "public", "return", "static", "super", "switch", "this", "throw",
  "true", "try", "typeof", "undefined", "var", "void", "while", "with",
  "yield",
]);

/** A property's name as that of a variable or function: `delete` becomes `delete$`. */
export function identifierName(property: string): string {
  return reservedWords.has(property) ? `${property}$` : property;
}

/** The first of `name`, `name$1`, `name$2` ... that is free; it is taken from then on. */
export function claimName(name: string, taken: Set<string>): string {
  let claimed = name;
  for (let i = 1; taken.has(claimed); i++) {
    claimed = `${name}$${i}`;
  }
  taken.add(claimed);
  return claimed;
}
