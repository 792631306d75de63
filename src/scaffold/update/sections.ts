import { withLineEndingOf } from "../../line-endings.ts";
import type { ServiceModel } from "../../plugin/model.ts";
import type { ImportStatement } from "../../print/import-statement.ts";
import { callsEnd, callsStart, demoImports, printCallsOf } from "../emit/demo-client.ts";
import type { Requests } from "../emit/request.ts";
import { printServiceNames, printServicesDoc } from "../emit/services-doc.ts";
import { printTestExample } from "../emit/test-example.ts";
import { moduleReferences } from "./code/imports.ts";
import { applyEdits, insertImports } from "./code/insert.ts";
import { closingToken, sameCode, tokenize } from "./code/tokens.ts";
import { clientFile } from "./demo-client.ts";
import { docFile } from "./services-doc.ts";
import type { Sources } from "./sources.ts";

/** The services of a project, with what is printed for their requests. */
export interface Printed {
  readonly services: readonly ServiceModel[];
  readonly requests: Requests;
}

/**
 * Rewrites the marked parts of documents and of the demo client, if they are as they were printed last.
 * Where the user has changed or removed one, it stays.
 *
 * @returns whether the calls of the demo client are as they should be
 */
export function rewriteSections(sources: Sources, before: Printed, now: Printed): boolean {
  for (const { path, name, print } of sections) {
    rewrite(sources, path, name, [print(before.services), print(now.services)]);
  }
  return rewriteCalls(sources, before, now);
}

/** A part of a document between `<!-- sync: name ... -->` and `<!-- /sync -->`. */
interface Section {
  readonly path: string;
  readonly name: string;
  readonly print: (services: readonly ServiceModel[]) => string;
}

const sections: readonly Section[] = [
  { path: "README.md", name: "services", print: printServiceNames },
  {
    path: "docs/cookbook.md",
    name: "test",
    print: (services) => `\`\`\`ts\n${printTestExample(services)}\n\`\`\``,
  },
  { path: docFile, name: "tables", print: printServicesDoc },
];

function rewrite(
  sources: Sources,
  path: string,
  name: string,
  [was, is]: readonly [was: string, is: string],
): void {
  const marks = new RegExp(`(<!-- sync: ${name}\\b[^>]*-->\\n*)([\\s\\S]*?)(\\n*<!-- /sync -->)`);
  const printed = marks.exec(sources.original.get(path) ?? "")?.[2];
  const text = sources.get(path);
  if (printed === undefined || text === undefined || !sameText(printed, was)) return;
  sources.set(
    path,
    text.replace(marks, (_, start, _content, end) => `${start}${is}${end}`),
  );
}

/** Formatters of Markdown align tables. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/-{3,}/g, "---")
      .replace(/[ \t]+/g, " ")
      .trim();
  return plain(a) === plain(b);
}

function rewriteCalls(sources: Sources, before: Printed, now: Printed): boolean {
  const original = readCalls(sources.original.get(clientFile) ?? "");
  const text = sources.get(clientFile);
  const present = readCalls(text ?? "");
  if (original === undefined || present === undefined || text === undefined) return false;
  const was = demoParts(before);
  const is = demoParts(now);
  const untouched =
    sameCode(original.statements, was.statements) &&
    original.definitions.join() === was.definitions.join() &&
    original.imports === importTexts(was.imports);
  if (!untouched) return false;
  const generated = moduleReferences(text).filter(isGenerated);
  const rewritten = applyEdits(text, [
    ...generated.map(({ start, end }) => ({
      start,
      end: lineEnd(text, end),
      text: "",
    })),
    { ...present.list, text: is.definitions.join(", ") },
    { ...present.section, text: `\n${is.statements}\n` },
  ]);
  const printed = insertImports(rewritten, is.imports);
  sources.set(clientFile, withLineEndingOf(text, printed));
  return true;
}

/** Behind the line break that follows, if one does. */
function lineEnd(text: string, index: number): number {
  const [ending = ""] = /^\r?\n/.exec(text.slice(index, index + 2)) ?? [];
  return index + ending.length;
}

function demoParts({ services, requests }: Printed) {
  const imports = demoImports(services);
  const { definitions, statements } = printCallsOf(services, imports, requests);
  return { definitions, statements, imports: imports.statements() };
}

function isGenerated({ path }: { readonly path: string }): boolean {
  return path.startsWith("../gen/");
}

/** Imports as a text to compare, whatever their order. */
function importTexts(statements: readonly Pick<ImportStatement, "path" | "names">[]): string {
  const names = statements.flatMap((statement) =>
    statement.names.map(({ name, local }) => `${statement.path} ${name} ${local}`),
  );
  return names.sort().join("\n");
}

/** The marked part of a demo client, and the list of definitions in `connect([...])`. */
function readCalls(text: string) {
  const start = text.indexOf(callsStart);
  const end = text.indexOf(callsEnd, start);
  const tokens = tokenize(text);
  const call = tokens.findIndex(
    (token, index) =>
      token.text === "connect" &&
      tokens[index + 1]?.text === "(" &&
      tokens[index + 2]?.text === "[",
  );
  const open = tokens[call + 2];
  const close = tokens[closingToken(tokens, call + 2)];
  if (start < 0 || end < 0 || call < 0 || open === undefined || close === undefined) {
    return undefined;
  }
  const section = { start: start + callsStart.length, end };
  const list = { start: open.end, end: close.start };
  const names = text
    .slice(list.start, list.end)
    .split(",")
    .map((name) => name.trim());
  return {
    section,
    list,
    imports: importTexts(moduleReferences(text).filter(isGenerated)),
    statements: text.slice(section.start, section.end),
    definitions: names.filter((name) => name !== ""),
  };
}
