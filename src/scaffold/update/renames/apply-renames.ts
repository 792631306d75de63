import type { ServiceModel } from "../../../plugin/model.ts";
import { UsageError } from "../../../terminal/errors.ts";
import { nearest } from "../../../terminal/nearest.ts";
import type { Requests } from "../../emit/request.ts";
import { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import { copyHandlers } from "./copy-handlers.ts";
import type { Rename } from "./rename.ts";
import { renameMethod } from "./rename-method.ts";
import { type BothStates, renameService } from "./rename-service.ts";

/** What renames are looked up in. */
export interface RenameStates extends BothStates {
  readonly services: readonly ServiceModel[];
  readonly modules: ReadonlySet<string>;
  readonly requests: Requests;
}

/**
 * Moves code to the new names of its RPCs and services.
 *
 * @throws UsageError for a name that is in neither the protos nor the last state
 */
export function applyRenames(
  sources: Sources,
  renames: readonly Rename[],
  states: RenameStates,
): void {
  for (const rename of renames) apply(sources, rename, states);
}

function apply(sources: Sources, rename: Rename, states: RenameStates): void {
  const code = new Code(sources.texts, states.modules);
  const { before, services, registry, requests } = states;
  const was = rename.kind === "copy" ? services : before.services;
  const [fromService = "", fromMethod] = rename.from.split("/");
  const [toService = "", toMethod] = rename.to.split("/");
  const from = find(was, fromService, rename.kind === "copy" ? "the protos" : "src/gen");
  const to = find(services, toService, "the protos");
  if (rename.kind === "copy") {
    copyHandlers(sources, code, { from, to }, states, requests);
  } else if (fromMethod === undefined || toMethod === undefined) {
    renameService(sources, code, { from, to }, states);
  } else {
    renameMethod(sources, code, {
      service: to,
      from: findMethod(from, fromMethod, "src/gen"),
      to: findMethod(to, toMethod, "the protos"),
      has: (typeName) => registry.getMessage(typeName) !== undefined,
    });
  }
}

function find(services: readonly ServiceModel[], name: string, where: string): ServiceModel {
  const found = services.find(({ typeName }) => typeName === name);
  return (
    found ??
    refuse(
      "service",
      name,
      where,
      services.map(({ typeName }) => typeName),
    )
  );
}

function findMethod(service: ServiceModel, name: string, where: string) {
  const found = service.methods.find((method) => method.name === name);
  const names = service.methods.map((method) => method.name);
  return found ?? refuse(`RPC of ${service.typeName}`, name, where, names);
}

function refuse(what: string, name: string, where: string, known: readonly string[]): never {
  const near = nearest(name, known);
  const hint =
    near === undefined ? `it has ${known.join(", ") || "none"}` : `did you mean ${near}?`;
  throw new UsageError(`${where} has no ${what} "${name}"; ${hint}`);
}
