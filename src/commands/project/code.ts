import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Resources } from "grpc-service/app";
import type { ClientConfig, ConfigLoader, ServiceConfig } from "grpc-service/config";
import { type LoadFailure, loadFailure } from "./load-failure.ts";

/** What src/config.ts of a project exports. */
export interface ConfigCode {
  readonly loadConfig: ConfigLoader<ServiceConfig>;
  readonly loadClientConfig: ConfigLoader<ClientConfig>;
}

/** What src/dependencies.ts of a project exports. */
export interface DependenciesCode {
  createDependencies(
    config: ServiceConfig,
  ): { readonly resources?: Resources } | Promise<{ readonly resources?: Resources }>;
}

/** The project's code cannot be used; `message` is one line that names the file. */
export class CodeError extends Error {
  override readonly name = "CodeError";
  /** How to fix it, if that is known. */
  readonly remedy: string | undefined;

  constructor({ message, remedy }: LoadFailure, cause?: unknown) {
    super(message, { cause });
    this.remedy = remedy;
  }
}

/** What imports threw. */
const importErrors = new WeakSet<object>();

/**
 * Whether an import here threw this. Node.js also reports it as an unhandled rejection when it comes from
 * a CommonJS module.
 */
export function isImportError(error: unknown): boolean {
  return typeof error === "object" && error !== null && importErrors.has(error);
}

function codeError(imported: string, error: unknown, root: string): CodeError {
  if (typeof error === "object" && error !== null) importErrors.add(error);
  return new CodeError(loadFailure(imported, error, root), error);
}

/** Imports src/config.ts. @throws CodeError */
export function importConfig(root: string): Promise<ConfigCode> {
  return importFile<ConfigCode>(root, "src/config.ts", ["loadConfig", "loadClientConfig"]);
}

/** Imports src/dependencies.ts. @throws CodeError */
export function importDependencies(root: string): Promise<DependenciesCode> {
  return importFile<DependenciesCode>(root, "src/dependencies.ts", ["createDependencies"]);
}

/**
 * Imports a package as the project's own files would.
 *
 * @throws CodeError
 */
export async function importPackage<Module>(root: string, specifier: string): Promise<Module> {
  try {
    const path = createRequire(join(root, "package.json")).resolve(specifier);
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw codeError(specifier, error, root);
  }
}

async function importFile<Module>(
  root: string,
  path: string,
  functions: readonly (keyof Module)[],
): Promise<Module> {
  let module: Module;
  try {
    module = await import(pathToFileURL(join(root, path)).href);
  } catch (error) {
    throw codeError(path, error, root);
  }
  for (const name of functions) {
    if (typeof module[name] !== "function") {
      throw new CodeError({ message: `${path} does not export the function ${String(name)}` });
    }
  }
  return module;
}
