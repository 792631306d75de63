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
import type { MethodModel, ServiceModel } from "../model.ts";
import { serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The service definition: a constant that grpc-js, `implement` and `bindClient` take. */
export function emitDefinition(source: Source, service: ServiceModel): void {
  source.print(serviceDocs(service, service.docs));
  if (source.target === "dts") {
    source.print(`export declare const ${service.definitionName}: `, typeOf(source, service), ";");
  } else {
    source.print(assignment(`export const ${service.definitionName}`, value(source, service)), ";");
  }
}

function value(source: Source, { methods, ...service }: ServiceModel): Doc {
  const define = source.runtime("defineService");
  const descriptor = source.value(service.descriptorName, service.descriptorPath);
  if (methods.length === 0) {
    return callWith(define, descriptor, "{}");
  }
  const defineMethod = source.runtime("defineMethod");
  const entries = block(methods, ({ localName, descriptorKey }) => {
    const method = memberAccess(descriptor, "method", descriptorKey);
    return [property(localName, call(defineMethod, method)), ","];
  });
  return callWith(define, descriptor, entries);
}

function typeOf(source: Source, { methods }: ServiceModel): Doc {
  const type = source.runtimeType("ServiceDefinition");
  if (methods.length === 0) {
    return typeArguments(type, typeArguments(source.global("Record"), "never", "never"));
  }
  const entries = block(methods, (method) => [
    `readonly ${method.localName}: `,
    methodType(source, method),
    ";",
  ]);
  return [type, "<", entries, ">"];
}

function methodType({ runtimeType, schema }: Source, { kind, input, output }: MethodModel): Doc {
  return typeArguments(
    runtimeType("MethodDefinition"),
    `"${kind}"`,
    `typeof ${schema(input)}`,
    `typeof ${schema(output)}`,
  );
}
