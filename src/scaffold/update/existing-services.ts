import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceModel } from "../../plugin/model.ts";
import { errorCode } from "../../terminal/errors.ts";
import { readIfPresent } from "../disk/plan.ts";
import { genModule } from "../emit/names.ts";
import { importedNames } from "./import-text.ts";

/** A folder of src/services with the generated names that its index.ts imports. */
export interface ExistingService {
  readonly directory: string;
  /** Text of its index.ts. Undefined if the file does not exist. */
  readonly index: string | undefined;
  /** Modules below src/gen from which index.ts imports, by imported name. */
  readonly generated: ReadonlyMap<string, string>;
}

/** Reads every folder of src/services. The imports of index.ts say which service a folder is for. */
export async function readExistingServices(project: string): Promise<ExistingService[]> {
  const services = join(project, "src", "services");
  const entries = await readdir(services, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    folders.sort().map(async (directory) => {
      const content = await readIfPresent(join(services, directory, "index.ts"));
      const index = content?.toString("utf8");
      return { directory, index, generated: generatedNames(index ?? "") };
    }),
  );
}

function generatedNames(text: string): Map<string, string> {
  const names = importedNames(text).flatMap(({ name, path }) => {
    const module = genModuleOf(path);
    return module === undefined ? [] : [[name, module] as const];
  });
  return new Map(names);
}

/** `../../gen/a/user_grpc.js` is module `a/user_grpc.ts` of src/gen. */
export function genModuleOf(importPath: string): string | undefined {
  const module = /^(?:\.\.\/)+gen\/(.+?)(?:\.[jt]s)?$/.exec(importPath)?.[1];
  return module === undefined ? undefined : `${module}.ts`;
}

/** The folder with the handlers of a service. Undefined for a new service. */
export function existingFor(
  service: ServiceModel,
  existing: readonly ExistingService[],
): ExistingService | undefined {
  return existing.find(
    ({ generated }) => generated.get(service.handlersType) === genModule(service),
  );
}

/** The services with their folders on disk. A new service gets an unused folder. */
export function withDirectories(
  services: readonly ServiceModel[],
  existing: readonly ExistingService[],
): ServiceModel[] {
  const taken = new Set(
    existing.filter(({ generated }) => generated.size > 0).map(({ directory }) => directory),
  );
  return services.map((service) => {
    const own = existingFor(service, existing)?.directory;
    if (own !== undefined) return { ...service, directory: own };
    let directory = service.directory;
    for (let number = 2; taken.has(directory); number++) {
      directory = `${service.directory}-${number}`;
    }
    taken.add(directory);
    return { ...service, directory };
  });
}
