import type { ServiceModel } from "../../../plugin/model.ts";
import type { Host } from "../../../terminal/host.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import { applyRenames, type RenameStates } from "./apply-renames.ts";
import { askRename } from "./ask-rename.ts";
import { checkRenames } from "./check-renames.ts";
import { findRenames } from "./find-renames.ts";
import type { Rename } from "./rename.ts";

/** What the user has decided about renames. */
export interface RenameDecisions {
  readonly renames: readonly Rename[];
  /** `--rename none`: what looks renamed is not. */
  readonly none: boolean;
}

/** What was done about renames. */
export interface Renames {
  readonly done: readonly Rename[];
  /** Open questions: what looks renamed, and what could start as a copy. */
  readonly offers: readonly Rename[];
}

/**
 * Does the renames that the user wants, and offers those that are found.
 *
 * @param host asks, if it is given
 */
export async function decideRenames(
  sources: Sources,
  states: Omit<RenameStates, "before"> & { readonly before: ModelsBefore | undefined },
  { renames, none }: RenameDecisions = { renames: [], none: false },
  host: Host | undefined,
): Promise<Renames> {
  const { before = nothing(states.registry) } = states;
  const known: RenameStates = { ...states, before };
  const done: Rename[] = [...renames];
  checkRenames(renames, known);
  applyRenames(sources, renames, known);
  const offers: Rename[] = [];
  const search = () => findIn(sources, known, done);
  for (const offer of none ? [] : search()) {
    // Accepting one may have answered another.
    const isOpen = search().some(({ from, to }) => from === offer.from && to === offer.to);
    if (!isOpen) continue;
    if (host !== undefined && (await askRename(offer, host))) {
      applyRenames(sources, [offer], known);
      done.push(offer);
    } else if (host === undefined) offers.push(offer);
  }
  return { done, offers };
}

/** The last state with the services under the names that were decided. */
function findIn(sources: Sources, states: RenameStates, done: readonly Rename[]): Rename[] {
  const isDone = ({ typeName }: ServiceModel) =>
    done.some(({ from, to }) => from === typeName || to === typeName);
  const { before, services, modules, registry } = states;
  const code = new Code(sources.texts, modules);
  return findRenames({
    code,
    registry,
    services: services.filter((service) => !isDone(service)),
    before: { ...before, services: before.services.filter((service) => !isDone(service)) },
  }).filter(({ from, to }) => !done.some((other) => other.from === from || other.to === to));
}

function nothing(registry: RenameStates["registry"]): ModelsBefore {
  return { services: [], requests: { literals: new Map(), ruled: new Set() }, registry };
}
