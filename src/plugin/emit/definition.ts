import { maxWidth } from "../layout.ts";
import type { MethodModel, ServiceModel } from "../model.ts";
import { serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The service definition: a constant that grpc-js, `implement` and `bindClient` take. */
export function emitDefinition(source: Source, service: ServiceModel): void {
  source.print(serviceDocs(service, service.docs));
  if (source.target === "dts") {
    emitDeclaration(source, service);
  } else {
    emitConstant(source, service);
  }
}

function emitConstant({ print, runtime, value }: Source, service: ServiceModel): void {
  const { definitionName, methods } = service;
  const declaration = `export const ${definitionName} = ${runtime("defineService")}`;
  const descriptor = value(service.descriptorName, service.descriptorPath);
  if (methods.length === 0) {
    print(`${declaration}(${descriptor}, {});`);
    return;
  }
  // The layout of single lines knows nothing of lines that belong together.
  const opening = `${declaration}(${descriptor}, {`;
  const isWide = opening.length > maxWidth;
  const indent = isWide ? "    " : "  ";
  print(isWide ? `${declaration}(\n  ${descriptor},\n  {` : opening);
  for (const { localName, descriptorKey } of methods) {
    print(
      `${indent}${localName}: ${runtime("defineMethod")}(${descriptor}.method.${descriptorKey}),`,
    );
  }
  print(isWide ? "  },\n);" : "});");
}

function emitDeclaration(source: Source, service: ServiceModel): void {
  const { print, global, runtimeType } = source;
  const declaration = `export declare const ${service.definitionName}: ${runtimeType("ServiceDefinition")}`;
  if (service.methods.length === 0) {
    print(`${declaration}<${global("Record")}<never, never>>;`);
    return;
  }
  print(`${declaration}<{`);
  for (const method of service.methods) {
    print(`  readonly ${method.localName}: ${methodType(source, method)};`);
  }
  print("}>;");
}

function methodType({ runtimeType, schema }: Source, { kind, input, output }: MethodModel): string {
  return `${runtimeType("MethodDefinition")}<"${kind}", typeof ${schema(input)}, typeof ${schema(output)}>`;
}
