import { posix } from "node:path";
import { genFolder } from "../../generation/gen-config.ts";
import { type ModuleReference, moduleReferences } from "./imports.ts";
import { references, type Token, tokenize, unquoted } from "./tokens.ts";

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
  /** `definition`, or `gen.definition` for a namespace. */
  readonly local: string;
}

/** The TypeScript of a project's src and test, without generated code: who imports what from where. */
export class Code {
  readonly files: ReadonlyMap<string, CodeFile>;
  readonly #modules: ReadonlySet<string>;

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

  /** Every file in src that imports a name of a generated module, also through other files. */
  uses(module: string, name: string): Use[] {
    const wanted = `${genFolder}/${module}`;
    return [...this.files.values()].flatMap((file) =>
      file.references
        .filter(({ kind }) => kind === "import")
        .flatMap((reference) => this.#locals(file, reference, wanted, name))
        .map((local) => ({ file, local })),
    );
  }

  #locals(file: CodeFile, reference: ModuleReference, module: string, name: string): string[] {
    const target = this.resolve(file.path, reference.path);
    if (target === undefined) return [];
    const named = reference.names
      .filter((imported) => this.#origin(target, imported.name) === `${module}#${name}`)
      .map(({ local }) => local);
    const members = this.namespaces(file, reference)
      .filter((each) => this.#origin(each.target, name) === `${module}#${name}`)
      .map(({ local }) => `${local}.${name}`);
    return [...named, ...members.filter((local) => references(file.tokens, local).length > 0)];
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

  /** Where an export of a file may come from: the next file or module, and its name there. */
  exportedFrom(target: string, name: string): { readonly target: string; readonly name: string }[] {
    const file = this.files.get(target);
    return (file?.references ?? []).flatMap(({ kind, path, names, namespace }) => {
      const next = this.resolve(target, path);
      const inner =
        kind === "export"
          ? (names.find(({ local }) => local === name)?.name ??
            (namespace === "*" ? name : undefined))
          : names.find(
              ({ local }) => local === name && file !== undefined && exportsLocal(file, name),
            )?.name;
      return next === undefined || inner === undefined ? [] : [{ target: next, name: inner }];
    });
  }

  /** The file or module behind `export * as name from`. */
  namespaceFrom(target: string, name: string): string | undefined {
    const reference = this.files
      .get(target)
      ?.references.find(({ kind, namespace }) => kind === "export" && namespace === name);
    if (reference !== undefined && name !== "*") return this.resolve(target, reference.path);
    return undefined;
  }

  /** Whether a file or module exports a name of a generated module under the same name. */
  exports(target: string, module: string, name: string): boolean {
    return this.#origin(target, name) === `${genFolder}/${module}#${name}`;
  }

  /** The generated module and name behind an export, as `src/gen/user_grpc.ts#UserServiceHandlers`. */
  #origin(target: string, name: string, seen: ReadonlySet<string> = new Set()): string | undefined {
    if (this.#modules.has(target)) return `${target}#${name}`;
    if (seen.has(target)) return undefined;
    const within = new Set([...seen, target]);
    for (const next of this.exportedFrom(target, name)) {
      const origin = this.#origin(next.target, next.name, within);
      if (origin !== undefined) return origin;
    }
    return undefined;
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
