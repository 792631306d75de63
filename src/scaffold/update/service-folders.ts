import type { ServiceModel } from "../../plugin/model.ts";
import type { ServedService } from "./served-service.ts";
import type { Sources } from "./sources.ts";

/** A service of the last state, with the name of its folder. */
export function withDirectory(
  service: ServiceModel,
  served: readonly ServedService[],
): ServiceModel {
  const own = served.find((each) => each.service.typeName === service.typeName)?.service;
  return { ...service, directory: own?.directory ?? service.directory };
}

/** The services with their folders on disk. A new service gets an unused folder. */
export function withDirectories(
  services: readonly ServiceModel[],
  found: readonly (ServedService | undefined)[],
  sources: Sources,
): ServiceModel[] {
  const taken = new Set(
    [...sources.texts.keys()].flatMap(
      (path) => /^src\/services\/([^/]+)\/index\.ts$/.exec(path)?.[1] ?? [],
    ),
  );
  return services.map((service, index) => {
    const own = found[index]?.service;
    if (own !== undefined) return { ...service, directory: own.directory };
    let directory = service.directory;
    for (let number = 2; taken.has(directory); number++) {
      directory = `${service.directory}-${number}`;
    }
    taken.add(directory);
    return { ...service, directory };
  });
}
