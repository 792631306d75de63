import type { GeneratedFile, ImportSymbol } from "@bufbuild/protoplugin";

/** The imports of a file that is being printed. */
export interface Imports {
  /** The name in the file of what a module exports: `Promise$1` where `Promise` is taken. */
  nameOf(name: string, from: string, typeOnly?: boolean): string;
  /** For protoplugin, which prints the import statements: everything named so far, in order. */
  symbols(): ImportSymbol[];
}

/**
 * Names imports as protoplugin does, in the order of their appearance (a test compares them), but
 * at once.
 */
export function createImports(file: GeneratedFile, reserved: readonly ImportSymbol[]): Imports {
  const taken = new Set(reserved.map(({ name }) => name));
  const names = new Map<string, string>();
  const symbols = [...reserved];
  return {
    nameOf(name, from, typeOnly = false) {
      const symbol = file.import(name, from, typeOnly);
      let local = names.get(symbol.id);
      if (local === undefined) {
        local = name;
        for (let i = 1; taken.has(local); i++) {
          local = `${name}$${i}`;
        }
        taken.add(local);
        names.set(symbol.id, local);
      }
      symbols.push(symbol);
      return local;
    },
    symbols: () => symbols,
  };
}
