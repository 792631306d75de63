import { sortImports } from "../../plugin/sort-imports.ts";
import { list, printDoc } from "./doc.ts";

interface Statement {
  readonly keyword: "import" | "import type";
  readonly path: string;
  /** Local name -> what stands between the braces for it. */
  readonly names: Map<string, string>;
}

/** The import statements of one printed file. */
export class Imports {
  readonly #statements = new Map<string, Statement>();
  /** Local name -> name and path that it stands for; "" for what the file declares. */
  readonly #locals = new Map<string, string>();

  /** @param declared what the file declares itself: no import takes such a name */
  constructor(declared: Iterable<string> = []) {
    for (const name of declared) this.#locals.set(name, "");
  }

  /** Imports a value. Where its name is taken by something else, it is called `alias`. */
  value(name: string, path: string, alias = `${name}$`): string {
    return this.#add("import", name, path, alias);
  }

  /** Imports a type. */
  type(name: string, path: string, alias = `${name}$`): string {
    return this.#add("import type", name, path, alias);
  }

  /** The statements, one for a module, each laid out, in the order of the formatter. */
  statements(): string[] {
    const byPath = new Map<string, Statement>();
    for (const statement of this.#statements.values()) {
      const other = byPath.get(statement.path);
      byPath.set(statement.path, other === undefined ? statement : together(other, statement));
    }
    const statements = sortByPath([...byPath.values()]);
    return statements.map(({ keyword, path, names }) => printImport(keyword, path, names));
  }

  print(): string {
    return this.statements().join("\n");
  }

  #add(keyword: Statement["keyword"], name: string, path: string, alias: string): string {
    const source = `${name} ${path}`;
    let local = name;
    for (let attempt = 0; (this.#locals.get(local) ?? source) !== source; attempt++) {
      local = attempt === 0 ? alias : `${alias}${attempt + 1}`;
    }
    if (this.#locals.has(local)) return local;
    this.#locals.set(local, source);
    const key = `${keyword} ${path}`;
    const statement = this.#statements.get(key) ?? { keyword, path, names: new Map() };
    statement.names.set(local, local === name ? name : `${name} as ${local}`);
    this.#statements.set(key, statement);
    return local;
  }
}

/** Types and values of one module in one statement. */
function together(one: Statement, other: Statement): Statement {
  const names = [one, other].flatMap(({ keyword, names }) =>
    [...names].map(
      ([local, item]) => [local, keyword === "import" ? item : `type ${item}`] as const,
    ),
  );
  return { keyword: "import", path: one.path, names: new Map(names) };
}

/**
 * One import statement, names sorted by what they are called here.
 *
 * @param names local name -> what stands between the braces for it: `a`, `type a`, `b as a`
 */
export function printImport(
  keyword: "import" | "import type",
  path: string,
  names: ReadonlyMap<string, string>,
): string {
  const [sorted = ""] = sortImports([`import { ${[...names.keys()].join(", ")} } from "";`]);
  const locals = /\{ (.*) \}/.exec(sorted)?.[1]?.split(", ") ?? [];
  const items = locals.map((local) => names.get(local) ?? local);
  const braces = items.length === 1 ? `{ ${items[0]} }` : list("{", items, "}", " ");
  return printDoc([`${keyword} `, braces, ` from ${JSON.stringify(path)};`]);
}

/** Statements in the order of the formatter: of these, only keyword and path count. */
export function sortByPath<T extends { readonly keyword: string; readonly path: string }>(
  statements: readonly T[],
): T[] {
  const keyOf = ({ keyword, path }: T) => `${keyword} { x } from ${JSON.stringify(path)};`;
  const sorted = sortImports(statements.map(keyOf));
  const ranks = new Map(sorted.map((key, rank) => [key, rank] as const));
  const rankOf = (statement: T) => ranks.get(keyOf(statement)) ?? 0;
  return [...statements].sort((a, b) => rankOf(a) - rankOf(b));
}
