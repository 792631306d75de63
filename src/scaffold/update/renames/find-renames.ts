import type { DescField, DescMessage, Registry } from "@bufbuild/protobuf";
import type { MessageModel, MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import type { Code } from "../code/code.ts";
import { handlerTypes } from "../handler-types.ts";
import { hasHandler, servedService } from "../served-service.ts";
import { pairs } from "./pairs.ts";
import type { Rename } from "./rename.ts";

/** What {@link findRenames} compares. */
export interface RenameSearch {
  readonly code: Code;
  readonly services: readonly ServiceModel[];
  readonly before: ModelsBefore;
  /** The messages of the protos as they are. */
  readonly registry: Registry;
}

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
    fits: (from, to) => hasCode(search, from, to) && overlap(from, to) >= 0.5,
    nameOf: ({ name }) => name,
  });
  const taken = new Set(renamed.map(({ to }) => to.typeName));
  return [
    ...renamed.map(({ from, to }) => asRename("rename", from, to)),
    ...services.flatMap((service) => renamedMethods(search, service)),
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
    return servedService(code, from) !== undefined && servedService(code, to) === undefined;
  }
  // The code compiles as it is; names of RPCs in texts do not follow.
  return [...code.files.values()].some(({ text }) => text.includes(`${from.typeName}/`));
}

/** Share of methods with the same name and kind. */
function overlap(a: ServiceModel, b: ServiceModel): number {
  const same = a.methods.filter((method) =>
    b.methods.some(({ name, kind }) => name === method.name && kind === method.kind),
  );
  return same.length / Math.max(a.methods.length, b.methods.length);
}

function renamedMethods(search: RenameSearch, service: ServiceModel): Rename[] {
  const { code, before, registry } = search;
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
  const same = (a: MessageModel, b: MessageModel) =>
    a.typeName === b.typeName ||
    sameShape(before.registry.getMessage(a.typeName), registry.getMessage(b.typeName));
  return pairs(removed, added, {
    fits: (from, to) =>
      from.kind === to.kind && same(from.input, to.input) && same(from.output, to.output),
    nameOf: ({ name }) => name,
  }).map(({ from, to }) => ({
    kind: "rename",
    from: `${service.typeName}/${from.name}`,
    to: `${service.typeName}/${to.name}`,
  }));
}

/** Whether a message was renamed only. */
function sameShape(a: DescMessage | undefined, b: DescMessage | undefined): boolean {
  if (a === undefined || b === undefined || a.fields.length !== b.fields.length) return false;
  const text = ({ number, name, proto }: DescField) =>
    [number, name, proto.type, proto.label].join();
  return a.fields.every((field, index) => {
    const other = b.fields[index];
    return other !== undefined && text(field) === text(other);
  });
}

/** Another version of a service with code: `user.v1.UserService` for `user.v2.UserService`. */
function copies({ code, services }: RenameSearch, to: ServiceModel): Rename[] {
  if (servedService(code, to) !== undefined) return [];
  const family = (service: ServiceModel) =>
    service.package.replace(/\.?v\d+\w*$/, "") + service.name;
  const from = services.find(
    (other) =>
      other !== to &&
      family(other) === family(to) &&
      overlap(other, to) >= 0.5 &&
      servedService(code, other) !== undefined,
  );
  return from === undefined ? [] : [asRename("copy", from, to)];
}
