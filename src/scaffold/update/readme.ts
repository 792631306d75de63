import type { ServiceModel } from "../../plugin/model.ts";
import { printReadmeRow } from "../emit/readme-row.ts";

/**
 * The rows of new RPCs that are missing in the README's tables, grouped by service. Empty if the README
 * no longer has these tables.
 *
 * @param added services with their new methods only
 */
export function missingRows(added: readonly ServiceModel[], readme: string): string[] {
  if (!sectionOf.test(readme)) return [];
  const present = new Set(readme.split("\n").flatMap((line) => rowIn(line)?.key ?? []));
  return added.flatMap((service) => {
    const methods = service.methods.filter(
      ({ name }) => !present.has(rowKey(service.directory, name)),
    );
    const rows = methods.map((method) => printReadmeRow(service, method));
    return rows.length === 0 ? [] : [`### ${service.typeName}`, ...rows];
  });
}

/** Rows and sections of the README for removed RPCs and services: `12: the row of GetUser`. */
export function deadRows(services: readonly ServiceModel[], readme: string): string[] {
  const directories = new Set(services.map(({ directory }) => directory));
  const known = new Set(
    services.flatMap(({ directory, methods }) =>
      methods.map(({ name }) => rowKey(directory, name)),
    ),
  );
  return readme.split("\n").flatMap((line, index) => {
    const section = sectionOf.exec(line)?.[1];
    if (section !== undefined && !directories.has(section)) {
      return [`${index + 1}: the section of src/services/${section}/`];
    }
    const row = rowIn(line);
    const isDead = row !== undefined && directories.has(row.directory) && !known.has(row.key);
    return isDead ? [`${index + 1}: the row of ${row.name}`] : [];
  });
}

/** The line above a service's table. */
const sectionOf = /(?:handlers|handled) in `src\/services\/([^/`]+)\/`/;

interface Row {
  readonly name: string;
  readonly directory: string;
  readonly key: string;
}

function rowIn(line: string): Row | undefined {
  const [, name, directory] = /^\| `(\w+)` \|.*\]\(src\/services\/([^/)]+)\//.exec(line) ?? [];
  if (name === undefined || directory === undefined) return undefined;
  return { name, directory, key: rowKey(directory, name) };
}

function rowKey(directory: string, method: string): string {
  return `${directory}/${method}`;
}
