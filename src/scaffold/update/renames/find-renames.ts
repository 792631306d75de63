import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import { servedBefore, servedService } from "../served-service.ts";
import { pairs } from "./pairs.ts";
import type { Rename } from "./rename.ts";
import type { RenameSearch } from "./rename-search.ts";
import { renamedMethods } from "./renamed-methods.ts";
import { renamedTypes } from "./renamed-types.ts";
import { sameSignature } from "./same-signature.ts";

/**
 * Pairs what left the protos with what is new in them: RPCs by kind, request and response, services by
 * their methods. Only with code that can be moved: it has the old name and not yet the new one.
 */
export function findRenames(search: RenameSearch): Rename[] {
  const { services, before } = search;
  const known = new Set(before.services.map(({ typeName }) => typeName));
  const present = new Set(services.map(({ typeName }) => typeName));
  const added = services.filter(({ typeName }) => !known.has(typeName));
  const removed = before.services.filter(({ typeName }) => !present.has(typeName));
  const renamed = pairs(removed, added, {
    fits: (from, to) => hasCode(search, from, to) && overlap(search, from, to) >= 0.5,
    nameOf: ({ name }) => name,
  });
  const taken = new Set(renamed.map(({ to }) => to.typeName));
  const moves = [
    ...renamed.map(({ from, to }) => asRename("rename", from, to)),
    ...services.flatMap((service) => renamedMethods(search, service)),
  ];
  return [
    ...moves,
    // Messages may go with an RPC or a service: what is left of them is found when that is decided.
    ...(moves.length > 0 ? [] : renamedTypes(search)),
    ...added.filter(({ typeName }) => !taken.has(typeName)).flatMap((to) => copies(search, to)),
  ];
}

function asRename(kind: Rename["kind"], from: ServiceModel, to: ServiceModel): Rename {
  return { kind, from: from.typeName, to: to.typeName };
}

/** Whether the old service has code that needs the rename, and the new one has none. */
function hasCode({ code }: RenameSearch, from: ServiceModel, to: ServiceModel): boolean {
  const sameNames = genModule(from) === genModule(to) && from.definitionName === to.definitionName;
  if (!sameNames) {
    return servedBefore(code, from, to) !== undefined && servedService(code, to) === undefined;
  }
  // The code compiles as it is; names of RPCs in texts do not follow.
  return [...code.files.values()].some(({ text }) => text.includes(`${from.typeName}/`));
}

/** Share of methods with the same name; those with other names and the same messages count half. */
function overlap({ registry, before }: RenameSearch, a: ServiceModel, b: ServiceModel): number {
  const states = { was: before.registry, is: registry };
  const likely = a.methods.map((method) => {
    if (b.methods.some(({ name }) => name === method.name)) return 1;
    return b.methods.some((other) => sameSignature(states, method, other)) ? 0.5 : 0;
  });
  const sum = likely.reduce<number>((total, each) => total + each, 0);
  return sum / Math.max(a.methods.length, b.methods.length);
}

/** Another version of a service with code: `user.v1.UserService` for `user.v2.UserService`. */
function copies(search: RenameSearch, to: ServiceModel): Rename[] {
  const { code, services, registry } = search;
  if (servedService(code, to) !== undefined) return [];
  const family = (service: ServiceModel) =>
    service.package.replace(/\.?v\d+\w*$/, "") + service.name;
  const from = services.find(
    (other) =>
      other !== to &&
      family(other) === family(to) &&
      overlap({ ...search, before: { ...search.before, registry } }, other, to) >= 0.5 &&
      canCopy(search, other, to),
  );
  return from === undefined ? [] : [asRename("copy", from, to)];
}

/** Whether a handler of a service is in a file of its own, and its RPC in another version is of that kind. */
function canCopy({ code }: RenameSearch, from: ServiceModel, to: ServiceModel): boolean {
  const folder = servedService(code, from)?.folder;
  const isSame = (method: MethodModel) =>
    to.methods.some(({ name, kind }) => name === method.name && kind === method.kind);
  return from.methods.some(
    (method) => isSame(method) && code.files.has(`${folder}/${method.fileName}.ts`),
  );
}
