import type { MethodModel } from "../../plugin/model.ts";
import type { Code, CodeFile } from "./code/code.ts";
import { closingToken, type Token, unquoted } from "./code/tokens.ts";
import { handlerTypes } from "./handler-types.ts";
import { roleOf } from "./renames/name-role.ts";
import type { ServedService } from "./served-service.ts";

/** What the code has for an RPC of a service. */
export type HandlerState =
  /** It is among the handlers, or may be: some code cannot be followed. */
  | "wired"
  /** There is a file with its handler, which nothing imports. */
  | "loose"
  | "missing";

/**
 * Looks for the handler of an RPC. Where the compiler checks the object of all handlers, its properties tell;
 * behind a cast, and in code of another form, so does a member of that name, or an import of its file.
 */
export function handlerState(code: Code, served: ServedService, method: MethodModel): HandlerState {
  const { object, service } = served;
  const own = handlerTypes(code, service)
    .filter(({ file, name }) => name === method.localName && file.path.startsWith("src/"))
    .filter(({ before }) => before === ":" || before === "satisfies")
    .filter(({ file }) => isOfOne(code, served, file))
    .map(({ file }) => file);
  const state = own.length === 0 ? "missing" : "loose";
  if (object?.properties.some(({ name }) => name === method.localName)) return "wired";
  if (object?.checked === true) return state;
  if (own.some(({ path }) => isImported(code, path))) return "wired";
  const others = reachable(code, served).filter((file) => !own.includes(file));
  return others.some((file) => hasMember(file, method.localName)) ? "wired" : state;
}

/** Whether a file has the handler of one RPC only. */
function isOfOne(code: Code, { service }: ServedService, file: CodeFile): boolean {
  const names = handlerTypes(code, service).filter((each) => each.file === file);
  return new Set(names.map(({ name }) => name)).size === 1;
}

function isImported(code: Code, path: string): boolean {
  return [...code.files.values()].some(
    (file) =>
      file.path.startsWith("src/") &&
      file.path !== path &&
      code.paths(file).some(({ target }) => target === path),
  );
}

/** The files of a service, and what they import as values, up to two files away. */
function reachable(code: Code, { files }: ServedService): CodeFile[] {
  const found = new Set(files);
  for (let step = 0; step < 2; step++) {
    for (const { path, references: imports } of [...found]) {
      for (const reference of imports.filter(({ typeOnly }) => !typeOnly)) {
        const file = code.files.get(code.resolve(path, reference.path) ?? "");
        if (file !== undefined) found.add(file);
      }
    }
  }
  return [...found];
}

/** Whether a file has a member of a name, however it is written: `get: ...`, `get() {}`, `h.get =`, `"get"`. */
function hasMember({ tokens }: CodeFile, name: string): boolean {
  return tokens.some((token, index) => {
    const [before, after] = [tokens[index - 1]?.text ?? "", tokens[index + 1]?.text ?? ""];
    if (token.kind === "string") return unquoted(token) === name && !isTypeIndex(tokens, index);
    if (token.kind !== "name" || token.text !== name) return false;
    if (before === "." || before === "?.") return after === "=";
    if (declarations.has(before)) return false;
    if (after === ":" || after === "=") return true;
    if (after === "(") return isMethod(tokens, index);
    return roleOf(tokens, index) === "shorthand" && !isPattern(tokens, index);
  });
}

/** Whether code puts objects together in ways that do not name their members. */
export function composes({ tokens }: CodeFile): boolean {
  const text = (index: number) => tokens[index]?.text ?? "";
  return tokens.some((token, index) => {
    if (token.kind === "name") return composers.has(token.text);
    const isElement = token.text === "]" && text(index + 1) === "=";
    return token.text === "..." || (isElement && tokens[index - 1]?.kind !== "string");
  });
}

/** Whether code imports files whose names it computes, as those of a folder. */
export function loadsModules({ tokens }: CodeFile): boolean {
  return tokens.some(({ text }, index) => {
    const isLiteral = tokens[index + 2]?.kind === "string" && tokens[index + 3]?.text === ")";
    return text === "import" && tokens[index + 1]?.text === "(" && !isLiteral;
  });
}

const composers: ReadonlySet<string> = new Set([
  "assign",
  "defineProperties",
  "defineProperty",
  "fromEntries",
  "Proxy",
]);

/** Words after which a name is declared for the file itself. */
const declarations: ReadonlySet<string> = new Set(["const", "let", "var", "function", "type"]);

/** `Handlers["get"]`, but not `handlers["get"] =` */
function isTypeIndex(tokens: readonly Token[], index: number): boolean {
  const isIndex = tokens[index - 1]?.text === "[" && tokens[index - 2]?.kind === "name";
  return isIndex && tokens[index + 2]?.text !== "=";
}

/** `get() {` or `get(): Type {`, and no call. */
function isMethod(tokens: readonly Token[], index: number): boolean {
  const starts = ["{", "}", ")", ",", ";", "async", "*", "public", "override"];
  const after = tokens[closingToken(tokens, index + 1) + 1]?.text;
  return after === "{" || (after === ":" && starts.includes(tokens[index - 1]?.text ?? ""));
}

/** `const { get } = other` */
function isPattern(tokens: readonly Token[], index: number): boolean {
  const close = tokens.findIndex(({ text }, at) => at > index && text === "}");
  return tokens[close + 1]?.text === "=";
}
