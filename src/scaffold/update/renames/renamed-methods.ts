import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { describeChange } from "../changed-signatures.ts";
import { handlerTypes } from "../handler-types.ts";
import { hasHandler, type ServedService, servedService } from "../served-service.ts";
import { isUntouched, stubsOf } from "../stubs.ts";
import { likeness, type Pair, pairs } from "./pairs.ts";
import type { Rename } from "./rename.ts";
import type { RenameSearch } from "./rename-search.ts";
import { likeMessages, sameSignature } from "./same-signature.ts";

/**
 * Pairs RPCs that left a service with new ones of it: first those that differ in their names only; then, if
 * the user has written their handlers, those that may be the same although they changed.
 */
export function renamedMethods(search: RenameSearch, service: ServiceModel): Rename[] {
  const { code, before } = search;
  const old = before.services.find(({ typeName }) => typeName === service.typeName);
  const served = servedService(code, service);
  if (old === undefined || served === undefined) return [];
  const names = (methods: readonly MethodModel[]) => new Set(methods.map(({ name }) => name));
  const [had, has] = [names(old.methods), names(service.methods)];
  const removed = old.methods.filter(
    (method) =>
      !has.has(method.name) &&
      (handlerTypes(code, service).some(({ name }) => name === method.localName) ||
        hasHandler(code, served, method)),
  );
  const added = service.methods.filter(
    (method) => !had.has(method.name) && !hasHandler(code, served, method),
  );
  const states = { was: before.registry, is: search.registry };
  const nameOf = ({ name }: MethodModel) => name;
  const same = pairs(removed, added, {
    fits: (from, to) => sameSignature(states, from, to),
    nameOf,
  });
  const [left, open] = [rest(removed, same, "from"), rest(added, same, "to")];
  const areAlone = left.length === 1 && open.length === 1;
  const changed = pairs(left, open, {
    fits: (from, to) => {
      const likeNames = likeness(from.name, to.name) >= 0.5;
      const evidence = [
        from.kind === to.kind,
        likeMessages(states, from.input, to.input) >= 0.5,
        likeMessages(states, from.output, to.output) >= 0.5,
      ].filter(Boolean);
      const isStub = isStubOf(search, served, old, from);
      return evidence.length >= 2 && (likeNames || areAlone) && !isStub;
    },
    nameOf,
  });
  return [...same, ...changed].map(({ from, to }) => ({
    kind: "rename",
    from: `${service.typeName}/${from.name}`,
    to: `${service.typeName}/${to.name}`,
    ...(changed.some((pair) => pair.from === from) && { change: describeChange(from, to) }),
  }));
}

function rest<T>(all: readonly T[], found: readonly Pair<T>[], side: "from" | "to"): T[] {
  return all.filter((item) => !found.some((pair) => pair[side] === item));
}

/** Whether nothing is lost with the handler of an RPC. */
function isStubOf(
  { code, before }: RenameSearch,
  { service, folder }: ServedService,
  old: ServiceModel,
  method: MethodModel,
): boolean {
  const { directory } = service;
  const [handler] = stubsOf({ ...old, directory }, folder, method, before.requests);
  return isUntouched(code.files.get(handler.path)?.text, handler);
}
