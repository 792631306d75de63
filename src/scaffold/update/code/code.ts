import { posix } from "node:path";
import { genFolder } from "../../generation/gen-config.ts";
import { type ModuleReference, moduleReferences } from "./imports.ts";
import { inlineImports } from "./inline-imports.ts";
import { namesBefore, type Token, tokenize, unquoted } from "./tokens.ts";

/** A TypeScript file of the user. */
export interface CodeFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly references: readonly ModuleReference[];
}

/** A name by which a file uses an export of another. */
export interface Use {
  readonly file: CodeFile;
  /** `definition`, or `gen.definition` for a namespace, which may be in another one. */
  readonly local: string;
}

/** The TypeScript of a project's src and test, without generated code: who imports what from where. */
export class Code {
  readonly files: ReadonlyMap<string, CodeFile>;
  readonly #modules: ReadonlySet<string>;
  readonly #namespaces = new Map<CodeFile, ReadonlyMap<string, string>>();

  /**
   * @param texts files by path in the project
   * @param modules the generated modules, such as `user_grpc.ts`
   */
  constructor(texts: ReadonlyMap<string, string>, modules: Iterable<string>) {
    const code = [...texts].filter(([path]) => isCode(path));
    this.files = new Map(code.map(([path, text]) => [path, readFile(path, text)]));
    this.#modules = new Set([...modules].map((name) => `${genFolder}/${name}`));
  }

  /** The file or generated module that a path in an import means. Undefined for packages. */
  resolve(from: string, path: string): string | undefined {
    const bases = path.startsWith(".")
      ? [posix.join(posix.dirname(from), path)]
      : aliasTargets(path);
    return bases
      .flatMap((base) => candidates(base))
      .find((candidate) => this.#modules.has(candidate) || this.files.has(candidate));
  }

  /** Every file that imports a name of a generated module, also through other files. */
  uses(module: string, name: string): Use[] {
    return [...this.files.values()].flatMap((file) => {
      const named = file.references
        .filter(({ kind }) => kind === "import")
        .flatMap((reference) => this.#locals(file, reference, module, name));
      const locals = [...named, ...this.#members(file, module, name)];
      return locals.map((local) => ({ file, local }));
    });
  }

  /** Whether any file names an export of a generated module: by an import, or as `import("...").name`. */
  isUsed(module: string, name: string): boolean {
    if (this.uses(module, name).length > 0) return true;
    return [...this.files.values()].some((file) =>
      inlineImports(file.tokens).some(({ path, names }) => {
        const target = names.some(({ token }) => token.text === name)
          ? this.resolve(file.path, path)
          : undefined;
        return target !== undefined && this.exports(target, module, name);
      }),
    );
  }

  #locals(
    { path: from }: CodeFile,
    { path, names }: ModuleReference,
    module: string,
    name: string,
  ): string[] {
    const target = this.resolve(from, path);
    if (target === undefined) return [];
    return names
      .filter((each) => this.#origins(target, each.name).includes(`${genFolder}/${module}#${name}`))
      .map(({ local }) => local);
  }

  /** `gen.name` and `all.gen.name`, where the name is that of a generated module. */
  #members(file: CodeFile, module: string, name: string): string[] {
    const found = file.tokens.flatMap(({ text }, index) => {
      if (text !== name || file.tokens[index - 1]?.text !== ".") return [];
      const namespace = namesBefore(file.tokens, index - 1);
      const target = this.namespaceOf(file, namespace);
      const isOf = target !== undefined && this.exports(target, module, name);
      return isOf ? [[...namespace, name].join(".")] : [];
    });
    return [...new Set(found)];
  }

  /** The namespaces that an import gives a file, such as `gen` of `* as gen`, with what is behind them. */
  namespaces(
    file: CodeFile,
    { kind, path, names, namespace }: ModuleReference,
  ): { readonly local: string; readonly target: string }[] {
    const target = this.resolve(file.path, path);
    if (kind !== "import" || target === undefined) return [];
    const own = namespace === undefined ? [] : [{ local: namespace, target }];
    const inner = names.flatMap(({ name, local }) => {
      const behind = this.namespaceFrom(target, name);
      return behind === undefined ? [] : [{ local, target: behind }];
    });
    return [...own, ...inner];
  }

  /** The paths to files and generated modules in a file: of imports, exports, `import()` and `vi.mock()`. */
  paths(
    file: CodeFile,
  ): { readonly token: Token; readonly path: string; readonly target: string }[] {
    return file.tokens.flatMap((token) => {
      const path = token.kind === "string" ? unquoted(token) : "";
      const target = /^[.#~@$%]|^src\//.test(path) ? this.resolve(file.path, path) : undefined;
      return target === undefined ? [] : [{ token, path, target }];
    });
  }

  /** The file or module behind `gen`, or `all.gen` as a list of two. Undefined if it cannot be followed. */
  namespaceOf(file: CodeFile, [first, ...rest]: readonly string[]): string | undefined {
    return rest.reduce(
      (target: string | undefined, name) => target && this.namespaceFrom(target, name),
      this.#ownNamespaces(file).get(first ?? ""),
    );
  }

  /** The namespaces of all imports of a file, looked up once. */
  #ownNamespaces(file: CodeFile): ReadonlyMap<string, string> {
    const known = this.#namespaces.get(file);
    if (known !== undefined) return known;
    const all = file.references.flatMap((reference) => this.namespaces(file, reference));
    const found = new Map(all.map(({ local, target }) => [local, target]));
    this.#namespaces.set(file, found);
    return found;
  }

  /** Where an export of a file may come from: the next file or module, and its name there. */
  exportedFrom(target: string, name: string): { readonly target: string; readonly name: string }[] {
    const file = this.files.get(target);
    if (file === undefined) return [];
    const isOwn = exportsLocal(file, name);
    const next = ({ path }: ModuleReference, inner: string | undefined) => {
      const behind = inner === undefined ? undefined : this.resolve(target, path);
      return behind === undefined || inner === undefined ? [] : [{ target: behind, name: inner }];
    };
    const named = file.references.flatMap((reference) => {
      const found = reference.names.find(({ local }) => local === name);
      return reference.kind === "export" || isOwn ? next(reference, found?.name) : [];
    });
    // It hides what `export *` has under that name.
    if (named.length > 0) return named;
    return file.references
      .filter(({ kind, namespace }) => kind === "export" && namespace === "*")
      .flatMap((reference) => next(reference, name));
  }

  /** The file or module behind a namespace that a file exports. */
  namespaceFrom(target: string, name: string, seen: readonly string[] = []): string | undefined {
    const file = this.files.get(target);
    if (file === undefined || name === "*" || seen.includes(target)) return undefined;
    const own = file.references.find(
      ({ kind, namespace }) =>
        namespace === name && (kind === "export" || exportsLocal(file, name)),
    );
    if (own !== undefined) return this.resolve(target, own.path);
    for (const next of this.exportedFrom(target, name)) {
      const found = this.namespaceFrom(next.target, next.name, [...seen, target]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether a file or module exports a name of a generated module under the same name. */
  exports(target: string, module: string, name: string): boolean {
    return this.#origins(target, name).includes(`${genFolder}/${module}#${name}`);
  }

  /**
   * The generated modules and names that an export may be of, as `src/gen/user_grpc.ts#UserServiceHandlers`:
   * behind several `export *`, each.
   */
  #origins(target: string, name: string, seen: readonly string[] = []): string[] {
    if (this.#modules.has(target)) return [`${target}#${name}`];
    if (seen.includes(target)) return [];
    return this.exportedFrom(target, name).flatMap((next) =>
      this.#origins(next.target, next.name, [...seen, target]),
    );
  }
}

function readFile(path: string, text: string): CodeFile {
  const tokens = tokenize(text);
  return { path, text, tokens, references: moduleReferences(text, tokens) };
}

function isCode(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && !path.startsWith(`${genFolder}/`);
}

/** `export { name }` of an imported name. */
function exportsLocal({ tokens }: CodeFile, name: string): boolean {
  return tokens.some(({ text }, index) => {
    if (text !== "export" || tokens[index + 1]?.text !== "{") return false;
    const rest = tokens.slice(index + 2);
    const close = rest.findIndex((token) => token.text === "}");
    return rest.slice(0, close).some((token) => token.text === name);
  });
}

/** `#gen/user_grpc.js`, `@/gen/user_grpc` and `src/gen/user_grpc` may all mean a file in src. */
function aliasTargets(path: string): string[] {
  if (!/^(?:[#~@$%]|src\/)/.test(path)) return [];
  const [first = "", ...rest] = path.split("/");
  const root = first.replace(/^[#~@$%]/, "");
  const below = rest.join("/");
  return [
    ...(root === "" || root === "src" ? [] : [`src/${root}/${below}`, `${root}/${below}`]),
    `src/${below}`,
    below,
  ];
}

function candidates(base: string): string[] {
  const bare = base.replace(/\.([cm]?)js$/, ".$1ts");
  const plain = posix.normalize(bare).replace(/\/$/, "");
  return [plain, `${plain}.ts`, `${plain}/index.ts`, `${plain}.mts`, `${plain}.js`];
}
