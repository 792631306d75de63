import type { ServiceModel } from "../../plugin/model.ts";
import { printDiagramLines } from "../emit/service-diagram.ts";
import { printServiceRow } from "../emit/service-row.ts";

/** The document with a table of RPCs per service. */
export const docFile = "docs/services.md";

/**
 * The lines of new RPCs that are missing in the tables and diagrams of docs/services.md, grouped by service.
 * Lines of tables or diagrams are left out if it no longer has any.
 *
 * @param added services with their new methods only
 */
export function missingLines(added: readonly ServiceModel[], doc: string): string[] {
  const hasTables = sectionOf.test(doc);
  const hasDiagrams = diagramOf.test(doc);
  const inTables = new Set(doc.split("\n").flatMap((line) => rowIn(line)?.key ?? []));
  const inDiagrams = new Set(diagramCalls(doc).map(({ service, name }) => `${service}/${name}`));
  return added.flatMap((service) => {
    const { typeName, directory, methods } = service;
    const rows = methods
      .filter(({ name }) => hasTables && !inTables.has(rowKey(directory, name)))
      .map((method) => printServiceRow(service, method));
    const diagram = methods
      .filter(({ name }) => hasDiagrams && !inDiagrams.has(`${typeName}/${name}`))
      .flatMap(printDiagramLines);
    const lines = [...rows, ...diagram];
    return lines.length === 0 ? [] : [`## ${typeName}`, ...lines];
  });
}

/** Lines and sections for removed RPCs and services: `12: the row of GetUser`. */
export function deadLines(services: readonly ServiceModel[], doc: string): string[] {
  const directories = new Set(services.map(({ directory }) => directory));
  const known = new Set(
    services.flatMap(({ directory, methods }) =>
      methods.map(({ name }) => rowKey(directory, name)),
    ),
  );
  const dead = diagramCalls(doc).filter(({ service, name }) => {
    const methods = services.find(({ typeName }) => typeName === service)?.methods;
    return methods !== undefined && !methods.some((method) => method.name === name);
  });
  const places = doc.split("\n").flatMap((line, index) => {
    const section = sectionOf.exec(line)?.[1];
    if (section !== undefined && !directories.has(section)) {
      return [`${index + 1}: the section of src/services/${section}/`];
    }
    const row = rowIn(line);
    const isDead = row !== undefined && directories.has(row.directory) && !known.has(row.key);
    return isDead ? [`${index + 1}: the row of ${row.name}`] : [];
  });
  return [...places, ...dead.map(({ name, line }) => `${line}: ${name} in the diagram`)];
}

/** The line above a service's table. */
const sectionOf = /(?:handlers|handled) in `src\/services\/([^/`]+)\/`/;

interface Row {
  readonly name: string;
  readonly directory: string;
  readonly key: string;
}

function rowIn(line: string): Row | undefined {
  const [, name, directory] =
    /^\| `(\w+)` \|.*\]\(\.\.\/src\/services\/([^/)]+)\//.exec(line) ?? [];
  if (name === undefined || directory === undefined) return undefined;
  return { name, directory, key: rowKey(directory, name) };
}

function rowKey(directory: string, method: string): string {
  return `${directory}/${method}`;
}

/** The line of a diagram that names its service. */
const diagramOf = /^ *participant Server as ([\w.]+)$/m;

/** The RPCs in the sequence diagrams, with their lines. */
function diagramCalls(doc: string) {
  let service: string | undefined;
  return doc.split("\n").flatMap((text, index) => {
    service = text.startsWith("```") ? undefined : (diagramOf.exec(text)?.[1] ?? service);
    const name = /^ *(?:Client->>Server: (\w+)\(|par (\w+),)/.exec(text)?.slice(1).find(Boolean);
    return service === undefined || name === undefined ? [] : [{ service, name, line: index + 1 }];
  });
}
