import { readFileSync } from "node:fs";
import { join } from "node:path";
import { API, type Checker, type Symbol as Export, SymbolFlags } from "typescript/unstable/sync";

const library = join(import.meta.dirname, "..", "..", "..", "runtime");

/** One export of the package. */
export interface LibraryExport {
  /** Module that exports it, such as `grpc-service/app`. */
  readonly module: string;
  readonly name: string;
  /** Such as `function` or `interface`. A class and an enum are a value and a type. */
  readonly kind: string;
  /** Text of its docstring, without tags; empty without one. */
  readonly documentation: string;
}

/** Every export of every module that runtime/package.json lists, as the compiler sees them. */
export function libraryExports(): LibraryExport[] {
  const manifest: { name: string; exports: Record<string, Record<string, string>> } = JSON.parse(
    readFileSync(join(library, "package.json"), "utf8"),
  );
  const api = new API({ cwd: library });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(library, "tsconfig.json")] });
    const [project] = snapshot.getProjects();
    if (project === undefined) throw new Error("runtime/tsconfig.json cannot be opened");
    const { checker, program } = project;
    return Object.entries(manifest.exports).flatMap(([path, conditions]) => {
      const source = conditions["@grpc-service/source"] ?? "";
      const file = program.getSourceFile(join(library, source));
      const module = file && checker.getSymbolAtLocation(file);
      if (module === undefined) throw new Error(`${path} is not a module: ${source}`);
      return checker
        .getExportsOfModule(module)
        .map((exported) => describe(join(manifest.name, path), exported, checker));
    });
  } finally {
    api.close();
  }
}

function describe(module: string, exported: Export, checker: Checker): LibraryExport {
  const declared =
    exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return {
    module,
    name: exported.name,
    kind: kindOf(declared),
    documentation: declared.getDocumentationComment(checker),
  };
}

/** A name can be declared twice, such as a constant and a type. */
function kindOf({ name, flags }: Export): string {
  const kinds = kindsByFlag.filter(([flag]) => flags & flag).map(([, kind]) => kind);
  if (kinds.length === 0) throw new Error(`${name} is of an unknown kind`);
  return kinds.join(" and ");
}

const kindsByFlag = [
  [SymbolFlags.Class, "class"],
  [SymbolFlags.Enum, "enum"],
  [SymbolFlags.Function, "function"],
  [SymbolFlags.Variable, "const"],
  [SymbolFlags.Interface, "interface"],
  [SymbolFlags.TypeAlias, "type"],
] as const;
