import type { ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import type { Code, CodeFile, Use } from "./code.ts";
import {
  type HandlersObject,
  parameterBefore,
  readObject,
  returnedObject,
} from "./object-literal.ts";
import { closingToken, enclosingToken, references, type Token } from "./tokens.ts";

/**
 * Finds the object that has all handlers of a service, by its type or as the argument of `implement`.
 * Undefined for code of another form: its properties may then be anywhere.
 */
export function findHandlersObject(code: Code, service: ServiceModel): HandlersObject | undefined {
  const module = genModule(service);
  const typed = code.uses(module, service.handlersType).filter(inSrc);
  const implemented = code.uses(module, service.definitionName).filter(inSrc);
  return (
    first(typed, (use) => objectOfType(use)) ?? first(implemented, (use) => objectOfCall(code, use))
  );
}

export function inSrc({ file }: Use): boolean {
  return file.path.startsWith("src/");
}

function first<In, Out>(items: readonly In[], find: (item: In) => Out | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * `(d: Dependencies): Handlers { return {...} }`, `(d: Dependencies): Handlers => ({...})`,
 * `x: Handlers = {...}`, `{...} satisfies Handlers`, `{...} as Handlers`, and the same with `Partial<Handlers>` and the like
 */
function objectOfType({ file, local }: Use): HandlersObject | undefined {
  const { tokens } = file;
  const text = (index: number) => tokens[index]?.text;
  for (const index of references(tokens, local)) {
    const end = index + local.split(".").length * 2 - 1;
    const wrapper = text(index - 1) === "<" && text(end) === ">" ? text(index - 2) : undefined;
    const isWrapped = wrapper !== undefined && wrappers.has(wrapper);
    const [type, next] = isWrapped ? [index - 2, end + 1] : [index, end];
    const before = text(type - 1);
    let found: HandlersObject | undefined;
    if (before === "satisfies" && text(type - 2) === "}") {
      found = readObject(file, enclosingToken(tokens, type - 2), undefined);
    } else if (before === "as") {
      found = readObject(file, castObject(tokens, type), undefined);
    } else if (before === ":" && text(next) === "=") {
      found = readObject(file, next + 1, undefined);
    } else if (before === ":" && text(type - 2) === ")") {
      found = readObject(file, returnedObject(tokens, next), parameterBefore(tokens, type - 2));
    }
    if (found !== undefined) return wrapper === "Partial" ? { ...found, checked: false } : found;
  }
  return undefined;
}

/** Types that an object of handlers may have around that of all. */
const wrappers: ReadonlySet<string> = new Set(["Partial", "Promise", "Readonly", "Required"]);

/** Index of the brace of `{...} as Handlers` or `{...} as unknown as Handlers`. */
function castObject(tokens: readonly Token[], index: number): number {
  let close = index - 2;
  while (tokens[close]?.kind === "name" && tokens[close - 1]?.text === "as") close -= 2;
  return tokens[close]?.text === "}" ? enclosingToken(tokens, close) : -1;
}

/** `implement(definition, {...})`, `implement(definition, handlers)`, `implement(definition, handlers(...))` */
function objectOfCall(code: Code, { file, local }: Use): HandlersObject | undefined {
  const { tokens } = file;
  for (const index of references(tokens, local)) {
    const next = index + local.split(".").length * 2 - 1;
    const value = tokens[next + 1];
    const callee = tokens[index - 2]?.text ?? "";
    if (tokens[index - 1]?.text !== "(" || tokens[next]?.text !== ",") continue;
    // It takes an object of settings.
    if (callee === "adopt" || value === undefined) continue;
    const found =
      value.kind === "name"
        ? declaredObject(code, file, value.text)
        : readObject(file, next + 1, undefined);
    // Another function may add to what it gets.
    if (found !== undefined && callee !== "implement") return { ...found, checked: false };
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `const name = {...}`, `function name(...) { return {...} }` or `const name = (...) => ({...})`, here or imported. */
function declaredObject(code: Code, file: CodeFile, name: string): HandlersObject | undefined {
  const { tokens } = file;
  const at = tokens.findIndex(
    ({ text }, index) =>
      text === name && ["const", "let", "function"].includes(tokens[index - 1]?.text ?? ""),
  );
  if (at < 0) return importedObject(code, file, name);
  const isFunction = tokens[at - 1]?.text === "function";
  const equals = tokens.findIndex(({ text }, index) => index > at && text === "=");
  const value = isFunction ? at + 1 : tokens[equals + 1]?.text === "async" ? -1 : equals + 1;
  const close = tokens[value]?.text === "(" ? closingToken(tokens, value) : -1;
  const found =
    close < 0
      ? readObject(file, value, undefined)
      : readObject(file, returnedObject(tokens, close + 1), parameterBefore(tokens, close));
  return found && { ...found, checked: false };
}

function importedObject(code: Code, file: CodeFile, local: string): HandlersObject | undefined {
  for (const { path, names } of file.references) {
    const name = names.find((each) => each.local === local)?.name;
    const target = code.files.get(code.resolve(file.path, path) ?? "");
    const isThere = target?.tokens.some(({ text }) => text === name) ?? false;
    if (name === undefined || target === undefined || !isThere || target === file) continue;
    const declares = target.tokens.some(
      ({ text }, index) =>
        text === name && ["const", "function"].includes(target.tokens[index - 1]?.text ?? ""),
    );
    if (declares) return declaredObject(code, target, name);
  }
  return undefined;
}
