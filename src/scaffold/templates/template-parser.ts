import handlebars from "handlebars";
import type { Expression, Part, Template } from "./template-engine.ts";

/**
 * Parses a template in the language of Handlebars, as far as we use it: values, our own helpers,
 * `if`, `unless` and `each`. The packs have templates parsed: the bundle gets
 * packed-template-parser.ts in the place of this module.
 *
 * @throws Error naming the line of what is not part of that.
 */
export function parseTemplate(text: string): Template {
  return parts(handlebars.parse(text));
}

function parts(program: hbs.AST.Program | undefined): Template {
  return (program?.body ?? []).flatMap(part);
}

function part(node: hbs.AST.Statement): Part[] {
  if (isContent(node)) return node.value === "" ? [] : [node.value];
  if (node.type === "CommentStatement") return [];
  if (isMustache(node) && node.escaped) return [{ kind: "value", value: expression(node) }];
  if (isBlock(node)) return [block(node)];
  throw unknown(node);
}

function block(node: hbs.AST.BlockStatement): Part {
  const [subject, ...rest] = node.params;
  if (subject === undefined || rest.length > 0) throw unknown(node);
  const [main, otherwise] = [parts(node.program), parts(node.inverse)];
  switch (node.path.original) {
    case "if":
      return { kind: "if", condition: expression(subject), yes: main, no: otherwise };
    case "unless":
      return { kind: "if", condition: expression(subject), yes: otherwise, no: main };
    case "each":
      if (otherwise.length > 0) throw unknown(node);
      return { kind: "each", list: expression(subject), body: main };
    default:
      throw unknown(node);
  }
}

function expression(node: hbs.AST.Node): Expression {
  if (isText(node)) return { kind: "text", text: node.value };
  if (isPath(node)) {
    const [name = "", ...rest] = node.parts;
    if (!node.data) return { kind: "path", path: node.parts, up: node.depth };
    if (rest.length === 0 && node.depth === 0) return { kind: "place", name };
  }
  if (isCall(node) && node.hash === undefined) {
    if (node.params.length === 0) return expression(node.path);
    if (isPath(node.path)) {
      return { kind: "call", helper: node.path.original, values: node.params.map(expression) };
    }
  }
  throw unknown(node);
}

function unknown({ type, loc }: hbs.AST.Node): Error {
  return new Error(`line ${loc.start.line} of a template: this ${type} is more than we know`);
}

function isContent(node: hbs.AST.Node): node is hbs.AST.ContentStatement {
  return node.type === "ContentStatement";
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === "MustacheStatement";
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
}

function isText(node: hbs.AST.Node): node is hbs.AST.StringLiteral {
  return node.type === "StringLiteral";
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === "PathExpression";
}

function isCall(node: hbs.AST.Node): node is hbs.AST.MustacheStatement | hbs.AST.SubExpression {
  return node.type === "MustacheStatement" || node.type === "SubExpression";
}
