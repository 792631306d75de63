import type { Printable } from "@bufbuild/protoplugin";
import type { MethodModel, ServiceModel } from "../model.ts";
import { methodDocs, serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The interface that a server implements; JavaScript has none. */
export function emitHandlers(source: Source, service: ServiceModel): void {
  const { file, target, global, runtimeType } = source;
  if (target === "js") {
    return;
  }
  const summary = `Handlers of service ${service.typeName}: what a server implements.`;
  file.print();
  file.print(serviceDocs(service, summary));
  if (service.methods.length === 0) {
    const type = file.export("type", service.handlersType);
    file.print(type, " = ", global("Record"), "<never, never>;");
    return;
  }
  file.print(file.export("interface", service.handlersType), " {");
  for (const [index, method] of service.methods.entries()) {
    if (index > 0) {
      file.print();
    }
    const context = ["context: ", runtimeType("CallContext")];
    file.print(methodDocs(service, method));
    // biome-ignore format: reads like its output
    file.print("  ", method.localName, "(", request(source, method), ", ", context, "): ", reply(source, method), ";");
  }
  file.print("}");
}

function request({ global, shape }: Source, { kind, input }: MethodModel): Printable {
  switch (kind) {
    case "unary":
    case "server_streaming":
      return ["request: ", shape(input)];
    case "client_streaming":
    case "bidi_streaming":
      return ["requests: ", global("AsyncIterable"), "<", shape(input), ">"];
  }
}

function reply({ file, global, schemaType }: Source, { kind, output }: MethodModel): Printable {
  const initShape = file.import("MessageInitShape", "@bufbuild/protobuf", true);
  const init = [initShape, "<", schemaType(output), ">"];
  switch (kind) {
    case "unary":
    case "client_streaming":
      return [global("Promise"), "<", init, ">"];
    case "server_streaming":
    case "bidi_streaming":
      return [global("AsyncIterable"), "<", init, ">"];
  }
}
