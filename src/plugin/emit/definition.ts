import { maxWidth } from "../layout.ts";
import type { MethodModel, ServiceModel } from "../model.ts";
import { serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The service definition: a constant that grpc-js, `implement` and `bindClient` take. */
export function emitDefinition(source: Source, service: ServiceModel): void {
  source.file.print(serviceDocs(service, service.docs));
  if (source.target === "dts") {
    emitDeclaration(source, service);
  } else {
    emitConstant(source, service);
  }
}

function emitConstant({ file, runtime }: Source, service: ServiceModel): void {
  const { definitionName, methods } = service;
  const descriptor = file.import(service.descriptorName, service.descriptorPath);
  const declaration = [file.export("const", definitionName), " = ", runtime("defineService")];
  if (methods.length === 0) {
    file.print(declaration, "(", descriptor, ", {});");
    return;
  }
  // The layout of single lines knows nothing of lines that belong together.
  const opening = `export const ${definitionName} = defineService(${service.descriptorName}, {`;
  const isWide = opening.length > maxWidth;
  const indent = isWide ? "    " : "  ";
  file.print(declaration, isWide ? ["(\n  ", descriptor, ",\n  {"] : ["(", descriptor, ", {"]);
  for (const { localName, descriptorKey } of methods) {
    const method = [descriptor, ".method.", descriptorKey];
    file.print(indent, localName, ": ", runtime("defineMethod"), "(", method, "),");
  }
  file.print(isWide ? "  },\n);" : "});");
}

function emitDeclaration(source: Source, service: ServiceModel): void {
  const { file, global, runtimeType } = source;
  const declaration = [file.export("declare const", service.definitionName), ": "];
  const type = [runtimeType("ServiceDefinition"), "<"];
  if (service.methods.length === 0) {
    file.print(declaration, type, global("Record"), "<never, never>>;");
    return;
  }
  file.print(declaration, type, "{");
  for (const method of service.methods) {
    file.print("  readonly ", method.localName, ": ", methodType(source, method), ";");
  }
  file.print("}>;");
}

function methodType({ runtimeType, schemaType }: Source, { kind, input, output }: MethodModel) {
  const types = [`"${kind}", `, schemaType(input), ", ", schemaType(output)];
  return [runtimeType("MethodDefinition"), "<", types, ">"];
}
