import type { Doc } from "../../print/doc.ts";
import { assignment, signature, typeArguments } from "../../print/syntax.ts";
import type { MethodModel, ServiceModel } from "../model.ts";
import { methodDocs, serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** Prints the interface that a server implements; nothing in JavaScript. */
export function emitHandlers(source: Source, service: ServiceModel): void {
  const { print, printMember, target, global, runtimeType } = source;
  if (target === "js") {
    return;
  }
  const summary = `Handlers of service ${service.typeName}: what a server implements.`;
  print();
  print(serviceDocs(service, summary));
  if (service.methods.length === 0) {
    const nothing = typeArguments(global("Record"), "never", "never");
    print(assignment(`export type ${service.handlersType}`, nothing), ";");
    return;
  }
  print(`export interface ${service.handlersType} {`);
  for (const [index, method] of service.methods.entries()) {
    if (index > 0) {
      print();
    }
    const parameters = [request(source, method), `context: ${runtimeType("CallContext")}`];
    printMember(methodDocs(service, method));
    printMember(signature(method.localName, parameters, [": ", response(source, method)]), ";");
  }
  print("}");
}

function request({ global, shape }: Source, { kind, input }: MethodModel): Doc {
  switch (kind) {
    case "unary":
    case "server_streaming":
      return `request: ${shape(input)}`;
    case "client_streaming":
    case "bidi_streaming":
      return ["requests: ", typeArguments(global("AsyncIterable"), shape(input))];
  }
}

function response({ global, initType }: Source, { kind, output }: MethodModel): Doc {
  switch (kind) {
    case "unary":
    case "client_streaming":
      return typeArguments(global("Promise"), initType(output));
    case "server_streaming":
    case "bidi_streaming":
      return typeArguments(global("AsyncIterable"), initType(output));
  }
}
