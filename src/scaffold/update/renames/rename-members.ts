import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import type { Code, CodeFile } from "../code/code.ts";
import { closingToken, enclosingToken, references, type Token } from "../code/tokens.ts";
import { type CodeEdits, span } from "./code-edits.ts";

/** Renames the handler of an RPC in classes of handlers, and where it is assigned to an object of them. */
export function renameMembers(
  edits: CodeEdits,
  code: Code,
  { service, from, to }: { readonly service: ServiceModel; from: MethodModel; to: MethodModel },
): void {
  for (const { file, local } of code.uses(genModule(service), service.handlersType)) {
    const found = references(file.tokens, local).flatMap((index) => {
      const variable = variableOf(file, index);
      return [
        ...classMembers(file, index, from.localName),
        ...(variable === undefined ? [] : membersOf(file, variable, from.localName)),
      ];
    });
    for (const token of found) {
      const quote = token.kind === "string" ? token.text.slice(0, 1) : "";
      edits.edit(file.path, { ...span(token), text: quote + to.localName + quote });
    }
  }
}

/** The members of `class ... implements Handlers {`, and `this.name` in it. */
function classMembers({ tokens }: CodeFile, type: number, name: string): Token[] {
  const open = tokens.findIndex(({ text }, index) => index > type && text === "{");
  const words = tokens.slice(Math.max(0, type - 12), type).map(({ text }) => text);
  const isClause = words.lastIndexOf("implements") > words.lastIndexOf("{");
  if (!isClause || words.lastIndexOf("implements") < words.lastIndexOf("}")) return [];
  const close = closingToken(tokens, open);
  return tokens.filter((token, index) => {
    if (token.text !== name || index <= open || index >= close) return false;
    const before = tokens[index - 1]?.text;
    if (before === ".") return tokens[index - 2]?.text === "this";
    const isMember = ["(", "=", ":", "<"].includes(tokens[index + 1]?.text ?? "");
    return isMember && enclosingToken(tokens, index) === open;
  });
}

/** The variable in `const x: Handlers = ...` or `const x = {} as Handlers`. */
function variableOf({ tokens }: CodeFile, type: number): string | undefined {
  const text = (index: number) => tokens[index]?.text ?? "";
  const declares = (index: number) => ["const", "let"].includes(text(index - 1));
  if (text(type - 1) === ":") return declares(type - 2) ? text(type - 2) : undefined;
  if (text(type - 1) !== "as" || text(type - 2) !== "}") return undefined;
  const equals = enclosingToken(tokens, type - 2) - 1;
  return text(equals) === "=" && declares(equals - 1) ? text(equals - 1) : undefined;
}

/** `x.name` and `x["name"]` */
function membersOf({ tokens }: CodeFile, variable: string, name: string): Token[] {
  return tokens.filter((token, index) => {
    const isOf = tokens[index - 2]?.text === variable && tokens[index - 3]?.text !== ".";
    if (token.kind === "name")
      return token.text === name && isOf && tokens[index - 1]?.text === ".";
    return (
      token.kind === "string" &&
      token.text.slice(1, -1) === name &&
      isOf &&
      tokens[index - 1]?.text === "["
    );
  });
}
