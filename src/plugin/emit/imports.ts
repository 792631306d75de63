import type { GeneratedFile, ImportSymbol } from "@bufbuild/protoplugin";

/** The imports of a file that is being printed. */
export interface Imports {
  /** The name in the file of what a module exports: `Promise$1` where `Promise` is taken. */
  nameOf(name: string, from: string, typeOnly?: boolean): string;
  /** For protoplugin, which prints the import statements: one symbol for each. */
  symbols(): ImportSymbol[];
}

/** What one module is asked for: its name there, its name in the file, and for types only or not. */
interface Imported {
  readonly name: string;
  readonly local: string;
  typeOnly: boolean;
}

/**
 * Names imports in the order of their appearance, at once; none takes a name of `reserved`.
 * protoplugin gets all names of a statement as one symbol, and works out the path of its module.
 * It would name and sort them itself, but slowly: its first comparison loads the rules of a locale.
 */
export function createImports(file: GeneratedFile, reserved: readonly string[]): Imports {
  const taken = new Set(reserved);
  const modules = new Map<string, Map<string, Imported>>();
  const localName = (name: string) => {
    let local = name;
    for (let i = 1; taken.has(local); i++) {
      local = `${name}$${i}`;
    }
    taken.add(local);
    return local;
  };
  return {
    nameOf(name, from, typeOnly = false) {
      const names = modules.get(from) ?? new Map<string, Imported>();
      modules.set(from, names);
      const imported = names.get(name) ?? { name, local: localName(name), typeOnly };
      names.set(name, imported);
      // A type is imported as such only as long as nobody needs its value.
      imported.typeOnly &&= typeOnly;
      return imported.local;
    },
    symbols: () => [...modules].flatMap(([from, names]) => statements(file, from, names.values())),
  };
}

function statements(file: GeneratedFile, from: string, names: Iterable<Imported>): ImportSymbol[] {
  const all = [...names];
  return [true, false].flatMap((typeOnly) => {
    const list = all.filter((imported) => imported.typeOnly === typeOnly).map(listed);
    return list.length === 0 ? [] : [file.import(list.join(", "), from, typeOnly)];
  });
}

function listed({ name, local }: Imported): string {
  return name === local ? name : `${name} as ${local}`;
}
