import { compareImports, type ImportStatement, printImport } from "./import-statement.ts";
import { claimName } from "./names.ts";

interface Imported {
  readonly name: string;
  readonly local: string;
  typeOnly: boolean;
  used: boolean;
}

/** The imports of one printed file: names each import and prints the statements. */
export class Imports {
  readonly #taken: Set<string>;
  /** Path -> name in that module -> import. */
  readonly #modules = new Map<string, Map<string, Imported>>();

  /** @param declared names of the file's own declarations and of the globals it uses */
  constructor(declared: Iterable<string> = []) {
    this.#taken = new Set(declared);
  }

  /** Chooses the local name of an import now. The statement has it only if the file uses it later. */
  name(name: string, path: string): void {
    this.#named(name, path, name);
  }

  /** Imports a value, as `alias` if its name is taken. */
  value(name: string, path: string, alias = name): string {
    return this.#add(name, path, alias, false);
  }

  /** Imports a type. If the name is imported as a value too, it is a value import. */
  type(name: string, path: string, alias = name): string {
    return this.#add(name, path, alias, true);
  }

  /** One statement per module, in biome's order. */
  statements(): ImportStatement[] {
    return this.#sorted((path, names) => [
      { path, typeOnly: names.every(({ typeOnly }) => typeOnly), names },
    ]);
  }

  /** The same, with separate statements for types. */
  statementsByKind(): ImportStatement[] {
    return this.#sorted((path, names) =>
      [true, false].map((kind) => {
        return { path, typeOnly: kind, names: names.filter(({ typeOnly }) => typeOnly === kind) };
      }),
    );
  }

  /** The text of {@link statements}. */
  print(): string {
    return this.statements().map(printImport).join("\n");
  }

  #sorted(make: (path: string, names: readonly Imported[]) => ImportStatement[]) {
    const used = (names: ReadonlyMap<string, Imported>) =>
      [...names.values()].filter((imported) => imported.used);
    return [...this.#modules]
      .flatMap(([path, names]) => make(path, used(names)))
      .filter(({ names }) => names.length > 0)
      .sort(compareImports);
  }

  #add(name: string, path: string, alias: string, typeOnly: boolean): string {
    const imported = this.#named(name, path, alias);
    imported.used = true;
    imported.typeOnly &&= typeOnly;
    return imported.local;
  }

  #named(name: string, path: string, alias: string): Imported {
    const module = this.#modules.get(path) ?? new Map<string, Imported>();
    this.#modules.set(path, module);
    const imported = module.get(name) ?? {
      name,
      local: this.#claim(name, alias),
      typeOnly: true,
      used: false,
    };
    module.set(name, imported);
    return imported;
  }

  #claim(name: string, alias: string): string {
    return claimName(this.#taken.has(name) ? alias : name, this.#taken);
  }
}
