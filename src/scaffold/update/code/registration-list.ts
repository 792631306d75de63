import type { Code, CodeFile } from "./code.ts";
import { closingToken, type Token } from "./tokens.ts";

/** The list of all services that a function returns. */
export interface RegistrationList {
  readonly file: CodeFile;
  /** Positions of its brackets in the text. */
  readonly open: number;
  readonly close: number;
  /** Name of the function's parameter with the dependencies. */
  readonly parameter: string;
}

/** Finds `(dependencies: Dependencies): ServiceRegistration[] { return [`, wherever in src it is. */
export function findRegistrationList(code: Code): RegistrationList | undefined {
  for (const file of code.files.values()) {
    if (!file.path.startsWith("src/")) continue;
    for (let index = 0; index < file.tokens.length; index++) {
      if (file.tokens[index]?.text !== "ServiceRegistration") continue;
      const list = readList(file, index);
      if (list !== undefined) return list;
    }
  }
  return undefined;
}

function readList(file: CodeFile, type: number): RegistrationList | undefined {
  const { tokens } = file;
  const text = (at: number) => tokens[at]?.text;
  if (text(type + 1) !== "[" || text(type + 2) !== "]") return undefined;
  const colon = text(type - 1) === "readonly" ? type - 2 : type - 1;
  if (text(colon) !== ":" || text(colon - 1) !== ")") return undefined;
  const arrow = text(type + 3) === "=>" ? 1 : 0;
  const body = type + 3 + arrow;
  const open =
    text(body) === "[" ? body : text(body) === "{" && text(body + 1) === "return" ? body + 2 : -1;
  if (text(open) !== "[") return undefined;
  const parameter = parameterOf(tokens, colon - 1);
  const close = tokens[closingToken(tokens, open)];
  const first = tokens[open];
  if (parameter === undefined || close === undefined || first === undefined) return undefined;
  return { file, open: first.start, close: close.start, parameter };
}

/** The only parameter of the list that ends at `close`, as `(name: Type)`. */
function parameterOf(tokens: readonly Token[], close: number): string | undefined {
  for (let open = close - 1; open >= 0; open--) {
    if (tokens[open]?.text !== "(") continue;
    const name = tokens[open + 1];
    return name?.kind === "name" && tokens[open + 2]?.text === ":" ? name.text : undefined;
  }
  return undefined;
}
