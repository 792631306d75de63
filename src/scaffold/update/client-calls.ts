import { withLineEndingOf } from "../../line-endings.ts";
import type { ServiceModel } from "../../plugin/model.ts";
import type { ImportStatement } from "../../print/import-statement.ts";
import { callsEnd, callsStart, demoImports, printCallsOf } from "../emit/demo-client.ts";
import type { Requests } from "../emit/request.ts";
import { moduleReferences } from "./code/imports.ts";
import { applyEdits, insertBeforeBracket, insertImports } from "./code/insert.ts";
import { closingToken, sameCode, tokenize } from "./code/tokens.ts";
import { clientFile, newCalls } from "./demo-client.ts";
import type { Printed } from "./printed.ts";
import type { Sources } from "./sources.ts";

/**
 * Rewrites the marked part of the demo client, if it is as it was printed last.
 *
 * @returns whether it was
 */
export function rewriteCalls(sources: Sources, before: Printed, now: Printed): boolean {
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
  // A list that a formatter has broken into lines stays as it is.
  if (sameParts(was, is)) return true;
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

function sameParts(was: DemoParts, is: DemoParts): boolean {
  return (
    was.statements === is.statements &&
    was.definitions.join() === is.definitions.join() &&
    importTexts(was.imports) === importTexts(is.imports)
  );
}

/** Behind the line break that follows, if one does. */
function lineEnd(text: string, index: number): number {
  const [ending = ""] = /^\r?\n/.exec(text.slice(index, index + 2)) ?? [];
  return index + ending.length;
}

/**
 * Adds the calls of new RPCs at the end of a marked part that the user has changed, for example to fill in
 * requests. Those of other RPCs may be missing on purpose.
 *
 * @param added services with their new methods only
 */
export function addCalls(
  sources: Sources,
  added: readonly ServiceModel[],
  requests: Requests,
): void {
  const text = sources.get(clientFile);
  const present = readCalls(text ?? "");
  if (text === undefined || present === undefined) return;
  const { definitions, imports, statements } = newCalls(added, text, requests);
  if (statements.length === 0) return;
  const { end } = present.section;
  const called = applyEdits(text, [{ start: end, end, text: `${statements.join("\n")}\n` }]);
  const listed = definitions.length === 0 ? called : addDefinitions(called, definitions);
  sources.set(clientFile, withLineEndingOf(text, insertImports(listed, imports)));
}

/** Adds names to the list in `connect([...])`. Comments in it stay. */
function addDefinitions(text: string, definitions: readonly string[]): string {
  const present = readCalls(text);
  if (present === undefined) return text;
  const { start, end } = present.list;
  const items = text.slice(start, end);
  if (!/[\n/]/.test(items)) {
    const all = [...present.definitions, ...definitions].join(", ");
    return applyEdits(text, [{ start, end, text: all }]);
  }
  const lines = definitions.map((name) => `    ${name},`);
  return insertBeforeBracket(text, { open: start - 1, close: end }, lines);
}

type DemoParts = ReturnType<typeof demoParts>;

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
