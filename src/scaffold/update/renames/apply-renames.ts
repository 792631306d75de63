import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import type { Requests } from "../../emit/request.ts";
import { Code } from "../code/code.ts";
import type { Sources } from "../sources.ts";
import { copyHandlers } from "./copy-handlers.ts";
import { renameInDocuments } from "./document-names.ts";
import { oldNames } from "./old-names.ts";
import type { Rename } from "./rename.ts";
import { renameMethod } from "./rename-method.ts";
import { type BothStates, renameService } from "./rename-service.ts";
import { renameType } from "./rename-type.ts";

/** What renames are looked up in. */
export interface RenameStates extends BothStates {
  readonly services: readonly ServiceModel[];
  readonly modules: ReadonlySet<string>;
  readonly requests: Requests;
}

/**
 * Moves code to the new names of its RPCs, services, messages and enums.
 *
 * @returns the renames that changed nothing
 */
export function applyRenames(
  sources: Sources,
  renames: readonly Rename[],
  states: RenameStates,
): Rename[] {
  return renames.filter((rename) => {
    const had = new Map(sources.texts);
    apply(sources, rename, states);
    renameInDocuments(sources, oldNames(rename, states));
    return [...sources.texts].every(([path, text]) => had.get(path) === text);
  });
}

function apply(sources: Sources, { kind, from, to }: Rename, states: RenameStates): void {
  const code = new Code(sources.texts, states.modules);
  const { before, services, registry, requests, generated } = states;
  const was = find(kind === "copy" ? services : before.services, from);
  const is = find(services, to);
  if (was === undefined || is === undefined) {
    renameType(sources, code, { from, to }, states);
    return;
  }
  if (kind === "copy") {
    copyHandlers(sources, code, { from: was, to: is }, states, requests);
    return;
  }
  const [, fromMethod] = from.split("/");
  const [, toMethod] = to.split("/");
  const [method, renamed] = [methodOf(was, fromMethod), methodOf(is, toMethod)];
  if (method === undefined || renamed === undefined) {
    renameService(sources, code, { from: was, to: is }, states);
    return;
  }
  const has = (typeName: string) => registry.getMessage(typeName) !== undefined;
  renameMethod(sources, code, { service: is, from: method, to: renamed, has, generated });
}

function find(services: readonly ServiceModel[], name: string): ServiceModel | undefined {
  return services.find(({ typeName }) => typeName === name.split("/")[0]);
}

function methodOf({ methods }: ServiceModel, name: string | undefined): MethodModel | undefined {
  return methods.find((method) => method.name === name);
}
