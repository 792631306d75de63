import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Resources } from "grpc-service/app";
import type { ClientConfig, ConfigLoader, ServiceConfig } from "grpc-service/config";
import { reason } from "./reason.ts";

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
    throw new CodeError(loadFailure(specifier, error, root), { cause: error });
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
    throw new CodeError(loadFailure(path, error, root), { cause: error });
  }
  for (const name of functions) {
    if (typeof module[name] !== "function") {
      throw new CodeError(`${path} does not export the function ${String(name)}`);
    }
  }
  return module;
}

/** Why a file or package cannot be imported: names the package that is missing or broken, if one is. */
export function loadFailure(imported: string, error: unknown, root: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const missing = /^Cannot find package '((?:@[^'/\\]+\/)?[^'/\\:]+)'/.exec(text)?.[1];
  if (missing !== undefined) return `${imported}: the package ${missing} is not installed`;
  const local = text.replaceAll(`${pathToFileURL(root).href}/`, "").replaceAll(root + sep, "");
  const broken = /node_modules[/\\](?<name>(?:@[^/\\]+[/\\])?[^/\\']+)[/\\][^\s']+/.exec(local);
  if (broken?.groups !== undefined && /^(?:Cannot find|Invalid package config)/.test(local)) {
    const fault = local.startsWith("Invalid") ? "is invalid" : "is missing";
    return `${imported}: the package ${broken.groups.name} is broken: ${broken[0]} ${fault}`;
  }
  // esbuild puts its first error, with file and line, into the second line.
  const syntax = /^Transform failed with .*\n(.+)/.exec(local)?.[1];
  if (syntax !== undefined) return syntax.replace(" ERROR:", "");
  return `${imported}: ${reason(error instanceof Error && local !== "" ? new Error(local) : error)}`;
}
