import type { Host } from "../../../terminal/host.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import { applyRenames, type RenameStates } from "./apply-renames.ts";
import { askRename } from "./ask-rename.ts";
import { checkRenames } from "./check-renames.ts";
import { findRenames } from "./find-renames.ts";
import { followModules } from "./follow-modules.ts";
import { type OldName, oldNames } from "./old-names.ts";
import type { Rename } from "./rename.ts";
import { resolveRename } from "./resolve-rename.ts";
import { underNewNames } from "./under-new-names.ts";

/** What the user has decided about renames. */
export interface RenameDecisions {
  readonly renames: readonly Rename[];
  /** `--rename none`: what else looks renamed is not. */
  readonly none: boolean;
}

/** What was done about renames. */
export interface Renames {
  readonly done: readonly Rename[];
  /** Open questions: what looks renamed, and what could start as a copy. */
  readonly offers: readonly Rename[];
  /** Those of `done` that nothing of the user's has the old name of. */
  readonly idle: readonly Rename[];
  /** Proto files with another path now, whose imports follow: `user.proto -> user/v1/user.proto`. */
  readonly followed: readonly string[];
  /** The names that `done` replaced. */
  readonly oldNames: readonly OldName[];
  /** The last state under the names that were decided. Undefined if nothing is known of it. */
  readonly before: ModelsBefore | undefined;
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
  const wanted = renames.map((rename) => resolveRename(rename, known));
  const done: Rename[] = [...wanted];
  checkRenames(wanted, known);
  const followed = followModules(sources, known);
  const idle = applyRenames(sources, wanted, known);
  const search = () => (none ? [] : findIn(sources, known, done));
  const declined: Rename[] = [];
  const isOpen = ({ from, to }: Rename) =>
    !declined.some((other) => other.from === from && other.to === to);
  // Accepting one may answer others, and show further ones.
  for (let offer = search()[0]; host !== undefined && offer !== undefined; ) {
    if (await askRename(offer, host)) {
      applyRenames(sources, [offer], known);
      done.push(offer);
    } else declined.push(offer);
    offer = search().find(isOpen);
  }
  const offers = host === undefined ? search() : [];
  const renamed = states.before && underNewNames(states.before, done, states.services);
  const replaced = done.flatMap((rename) => oldNames(rename, known));
  return { done, idle, offers, followed, oldNames: replaced, before: renamed };
}

/** The last state with the services under the names that were decided. */
function findIn(sources: Sources, states: RenameStates, done: readonly Rename[]): Rename[] {
  const { before, services, modules, registry } = states;
  const code = new Code(sources.texts, modules);
  const search = { code, registry, services, before: underNewNames(before, done, services) };
  return findRenames(search)
    .map((rename) => ({ ...rename, from: originalName(rename.from, done) }))
    .filter(({ from, to }) => !done.some((other) => other.from === from || other.to === to));
}

/** The name of an RPC in the last state, when its service has a new one. */
function originalName(name: string, done: readonly Rename[]): string {
  const [service, method] = name.split("/");
  const was = done.find(({ kind, to }) => kind === "rename" && to === service)?.from;
  return was === undefined || method === undefined ? name : `${was}/${method}`;
}

function nothing(registry: RenameStates["registry"]): ModelsBefore {
  return { services: [], requests: { literals: new Map(), ruled: new Set() }, registry };
}
