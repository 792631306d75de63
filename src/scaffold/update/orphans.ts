import { join } from "node:path";
import type { ServiceModel } from "../../plugin/model.ts";
import { filesBelow, readIfPresent } from "../disk/plan.ts";
import { type ExistingService, existingFor } from "./existing-services.ts";
import { orphanedProperties } from "./wire-service.ts";

/** Code of RPCs and services that are no longer in the protos. It is only reported. */
export interface Orphans {
  /** Handler files with their tests, and folders of services with those of their tests. */
  readonly paths: readonly string[];
  /** Lines of removed RPCs: `getUser in src/services/user/index.ts`. */
  readonly lines: readonly string[];
}

export async function findOrphans(
  project: string,
  services: readonly ServiceModel[],
  existing: readonly ExistingService[],
): Promise<Orphans> {
  const paths: string[] = [];
  const lines: string[] = [];
  const owners = new Map(
    services.map((service) => [existingFor(service, existing)?.directory, service] as const),
  );
  for (const { directory, index, generated } of existing) {
    const folder = `src/services/${directory}`;
    const tests = `test/services/${directory}`;
    const service = owners.get(directory);
    if (service === undefined) {
      if (generated.size === 0) continue;
      paths.push(`${folder}/`);
      if ((await filesBelow(join(project, tests))).length > 0) paths.push(`${tests}/`);
      continue;
    }
    for (const file of await orphanedHandlers(project, folder, service)) {
      paths.push(`${folder}/${file}`);
      const test = `${tests}/${file.replace(/\.ts$/, ".test.ts")}`;
      if ((await readIfPresent(join(project, test))) !== undefined) paths.push(test);
    }
    const properties = orphanedProperties(service, index ?? "");
    lines.push(...properties.map((name) => `${name} in ${folder}/index.ts`));
  }
  return { paths, lines };
}

/** Files in a folder that only have handlers of RPCs that are not in the service. */
async function orphanedHandlers(
  project: string,
  folder: string,
  service: ServiceModel,
): Promise<string[]> {
  const known = new Set(service.methods.map(({ localName }) => localName));
  const orphans: string[] = [];
  for (const file of await filesBelow(join(project, folder))) {
    if (!file.endsWith(".ts")) continue;
    const text = String((await readIfPresent(join(project, folder, file))) ?? "");
    const handled = [...text.matchAll(/Handlers\[\s*["']([\w$]+)["']\s*\]/g)].map(
      ([, name]) => name,
    );
    const isOrphan = handled.length > 0 && handled.every((name) => !known.has(name ?? ""));
    if (isOrphan) orphans.push(file);
  }
  return orphans;
}
