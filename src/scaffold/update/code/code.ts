import { posix } from "node:path";
import { genFolder } from "../../generation/gen-config.ts";
import { type ModuleReference, moduleReferences } from "./imports.ts";
import { references, type Token, tokenize } from "./tokens.ts";

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
    const { namespace } = reference;
    if (namespace === undefined || this.#origin(target, name) !== `${module}#${name}`) return named;
    const isUsed = references(file.tokens, `${namespace}.${name}`).length > 0;
    return isUsed ? [...named, `${namespace}.${name}`] : named;
  }

  /** The generated module and name behind an export, as `src/gen/user_grpc.ts#UserServiceHandlers`. */
  #origin(target: string, name: string, seen: ReadonlySet<string> = new Set()): string | undefined {
    if (this.#modules.has(target)) return `${target}#${name}`;
    const file = this.files.get(target);
    if (file === undefined || seen.has(target)) return undefined;
    const within = new Set([...seen, target]);
    for (const { kind, path, names, namespace } of file.references) {
      const next = this.resolve(target, path);
      if (next === undefined) continue;
      const inner =
        kind === "export"
          ? (names.find(({ local }) => local === name)?.name ??
            (namespace === "*" ? name : undefined))
          : names.find(({ local }) => local === name && exportsLocal(file, name))?.name;
      const origin = inner === undefined ? undefined : this.#origin(next, inner, within);
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
