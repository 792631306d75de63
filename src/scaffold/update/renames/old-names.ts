import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { handlerFunction, handlersFunction } from "../../emit/names.ts";
import type { Rename } from "./rename.ts";
import type { BothStates } from "./rename-service.ts";
import { typeNames, typesOf } from "./renamed-names.ts";

/** A name without its package, which a rename replaced: `GetUser`, `getUser`, `UserServiceClient`. */
export interface OldName {
  readonly from: string;
  readonly to: string;
  /** Whether something else still has the old name. */
  readonly isShared: boolean;
}

/** The protos before and now, with the services that they have now. */
interface NamedStates extends BothStates {
  readonly services: readonly ServiceModel[];
}

type Names = readonly (readonly [from: string, to: string])[];

/** The names by which texts may call what was renamed. */
export function oldNames(rename: Rename, states: NamedStates): OldName[] {
  if (rename.kind === "copy") return [];
  const present = presentNames(states);
  const names = new Map(namesOf(rename, states).filter(([from, to]) => from !== to));
  return [...names].map(([from, to]) => ({ from, to, isShared: present.has(from) }));
}

function namesOf({ from, to }: Rename, states: NamedStates): Names {
  const { before, services, registry } = states;
  const [fromService, fromMethod] = from.split("/");
  const [toService, toMethod] = to.split("/");
  const was = before.services.find(({ typeName }) => typeName === fromService);
  const is = services.find(({ typeName }) => typeName === toService);
  if (was !== undefined && is !== undefined) {
    const method = was.methods.find(({ name }) => name === fromMethod);
    const renamed = is.methods.find(({ name }) => name === toMethod);
    if (method === undefined || renamed === undefined) return serviceNames(was, is);
    return methodNames([was, method], [is, renamed], (name) => registry.get(name) !== undefined);
  }
  const now = registry.get(to);
  const type = [...before.registry.files].flatMap(typesOf).find((each) => each.typeName === from);
  if (type === undefined || now === undefined || now.kind !== type.kind) return [];
  const printed = [...typeNames(type, now)].map(
    ([key, { name }]) => [key.slice(key.indexOf("#") + 1), name] as const,
  );
  return [[type.name, now.name], ...printed];
}

function serviceNames(from: ServiceModel, to: ServiceModel): Names {
  const names = (service: ServiceModel) => [service.name, ...exportsOf(service)];
  return zipped(names(from), names(to));
}

function methodNames(
  [fromService, from]: readonly [ServiceModel, MethodModel],
  [toService, to]: readonly [ServiceModel, MethodModel],
  isPresent: (typeName: string) => boolean,
): Names {
  const names = (service: ServiceModel, method: MethodModel) => [
    method.name,
    method.localName,
    handlerFunction(service, method),
  ];
  const messages = [[from.input, to.input] as const, [from.output, to.output] as const]
    .filter(([was]) => !isPresent(was.typeName))
    .flatMap(([was, is]) => zipped([was.name, was.schemaName], [is.name, is.schemaName]));
  return [...zipped(names(fromService, from), names(toService, to)), ...messages];
}

function zipped(from: readonly string[], to: readonly string[]): Names {
  return from.map((name, index) => [name, to[index] ?? name] as const);
}

function exportsOf(service: ServiceModel): string[] {
  const { definitionName, handlersType, clientClass } = service;
  return [definitionName, handlersType, clientClass, handlersFunction(service)];
}

/** All names that code and texts have for the protos as they are. */
function presentNames({ services, registry }: NamedStates): ReadonlySet<string> {
  const types = [...registry.files].flatMap(typesOf);
  return new Set([
    ...services.flatMap((service) => [
      ...exportsOf(service),
      ...service.methods.flatMap(({ name, localName }) => [name, localName]),
    ]),
    ...types.map(({ name }) => name),
    ...types.flatMap((type) => [...typeNames(type, type).values()].map(({ name }) => name)),
  ]);
}
