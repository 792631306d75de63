import type { ServiceModel } from "../../plugin/model.ts";
import { handlersFunction } from "../emit/names.ts";
import { printServicesIndex } from "../emit/services-index.ts";
import type { Code } from "./code/code.ts";
import { findRegistrationList } from "./code/registration-list.ts";
import type { ServedService } from "./served-service.ts";
import type { Sources } from "./sources.ts";
import type { Wiring } from "./wire-methods.ts";
import { wireServices } from "./wire-services.ts";

/** What {@link registerServices} works on. */
export interface Registering {
  readonly sources: Sources;
  readonly code: Code;
  readonly served: readonly ServedService[];
  readonly apply: (wiring: Wiring) => void;
}

/**
 * Registers new services. Where the list of services has another form, the user must; and if the user had others
 * that are not registered.
 */
export function registerServices(
  { sources, code, served, apply }: Registering,
  newcomers: readonly ServiceModel[],
  others: readonly ServedService[],
): void {
  const usual = "src/services/index.ts";
  const list = findRegistrationList(code);
  const registering = served.find(({ registered }) => registered)?.files.at(-1);
  const file = list?.file ?? code.files.get(usual) ?? registering;
  const fresh = newcomers.map((service) => ({
    service,
    index: `src/services/${service.directory}/index.ts`,
  }));
  const late = others.map(({ service, folder }) => {
    const index = code.files.get(`${folder}/index.ts`);
    const name = handlersFunction(service);
    return {
      service,
      index: index?.tokens.some(({ text }) => text === name) ? index.path : undefined,
    };
  });
  if (file === undefined && newcomers.length > 0) sources.set(usual, printServicesIndex(newcomers));
  else if (list !== undefined && fresh.length > 0)
    apply(wireServices(fresh, list, list.file.path, list.file.text));
  const byHand = [...(list === undefined && file !== undefined ? fresh : []), ...late];
  if (byHand.length > 0)
    apply(wireServices(byHand, undefined, file?.path ?? usual, file?.text ?? ""));
}
