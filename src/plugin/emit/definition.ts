import type { Doc } from "../../print/doc.ts";
import {
  assignment,
  block,
  call,
  callWith,
  memberAccess,
  property,
  typeArguments,
} from "../../print/syntax.ts";
import type { ServiceModel } from "../model.ts";
import { serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/**
 * Prints the service definition, a constant for grpc-js, `implement` and `bindClient`. Its type is written
 * out, as TypeScript's `isolatedDeclarations` requires of exports.
 */
export function emitDefinition(source: Source, service: ServiceModel): void {
  const { print, target, type } = source;
  const keywords = target === "dts" ? "declare const" : "const";
  const left = [
    `export ${keywords} ${service.definitionName}`,
    type([": ", definitionType(source, service)]),
  ];
  print(serviceDocs(service, service.docs));
  print(target === "dts" ? left : assignment(left, definition(source, service)), ";");
}

function definition(source: Source, service: ServiceModel): Doc {
  const defineService = source.runtime("defineService");
  const descriptor = source.value(service.descriptorName, service.descriptorPath);
  if (service.methods.length === 0) {
    return callWith(defineService, descriptor, "{}");
  }
  const defineMethod = source.runtime("defineMethod");
  const entries = block(service.methods, ({ localName, descriptorKey, input, output }) => {
    const method = memberAccess(descriptor, "method", descriptorKey);
    const codecs = [source.codec(input), source.codec(output)].filter((name) => name !== undefined);
    return [property(localName, call(defineMethod, method, ...codecs)), ","];
  });
  return callWith(defineService, descriptor, entries);
}

function definitionType(source: Source, { methods }: ServiceModel): Doc {
  const { global, runtimeType, schema } = source;
  const type = runtimeType("ServiceDefinition");
  if (methods.length === 0) {
    return typeArguments(type, typeArguments(global("Record"), "never", "never"));
  }
  const methodDefinition = runtimeType("MethodDefinition");
  const entries = block(methods, ({ localName, kind, input, output }) => {
    const schemas = [`typeof ${schema(input)}`, `typeof ${schema(output)}`];
    return [
      `readonly ${localName}: `,
      typeArguments(methodDefinition, `"${kind}"`, ...schemas),
      ";",
    ];
  });
  return [type, "<", entries, ">"];
}
