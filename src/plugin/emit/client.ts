import type { Printable } from "@bufbuild/protoplugin";
import type { MethodModel, ServiceModel } from "../model.ts";
import { docComment } from "../text.ts";
import { methodDocs, serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The client class. It wraps the runtime's client, so that no method can take the place of a part. */
export function emitClient(source: Source, service: ServiceModel): void {
  const { file, target } = source;
  const keywords = target === "dts" ? "declare class" : "class";
  file.print();
  file.print(serviceDocs(service, `Client of service ${service.typeName}.`));
  file.print(file.export(keywords, service.clientClass), " {");
  emitConstructor(source, service);
  for (const method of service.methods) {
    file.print();
    emitMethod(source, service, method);
  }
  emitConnection(source);
  file.print("}");
}

// biome-ignore format: reads like its output
function emitConstructor({ file, target, type, body, runtime, runtimeType }: Source, service: ServiceModel): void {
  const { definitionName } = service;
  const boundClient = type`: ${runtimeType("BoundClient")}<typeof ${definitionName}>`;
  const options = type`?: ${runtimeType("ClientOptions")}`;
  file.print(target === "dts" ? "  #private;" : ["  ", type`readonly `, "#client", boundClient, ";"]);
  file.print();
  file.print(docComment("Calls `target`: an address, or a channel that stays yours to close.", "  "));
  file.print("  constructor(target", type`: ${runtimeType("ClientTarget")}`, ", options", options, ")",
    body`this.#client = ${runtime("bindClient")}(${definitionName}, target, options);`);
}

// biome-ignore format: reads like its output
function emitMethod(source: Source, service: ServiceModel, method: MethodModel): void {
  const { file, type, body, runtimeType } = source;
  const { localName } = method;
  const { name, type: requestType } = request(source, method);
  file.print(methodDocs(service, method));
  file.print("  ", localName, "(", name, type`: ${requestType}`, ", options", type`?: ${runtimeType("CallOptions")}`, ")",
    type`: ${reply(source, method)}`, body`return this.#client.methods.${localName}(${name}, options);`);
}

// biome-ignore format: reads like its output
function emitConnection({ file, type, body, global }: Source): void {
  file.print();
  file.print(docComment("Resolves once connected; rejects when that takes longer than `timeoutMs`.", "  "));
  file.print("  waitForReady(timeoutMs", type`: number`, ")", type`: ${global("Promise")}<void>`,
    body`return this.#client.waitForReady(timeoutMs);`);
  file.print();
  file.print(docComment("Closes the channel, unless it was passed in.", "  "));
  file.print("  close()", type`: void`, body`this.#client.close();`);
}

interface Parameter {
  readonly name: string;
  readonly type: Printable;
}

function request({ file, global, schemaType }: Source, { kind, input }: MethodModel): Parameter {
  const initShape = file.import("MessageInitShape", "@bufbuild/protobuf", true);
  const init = [initShape, "<", schemaType(input), ">"];
  switch (kind) {
    case "unary":
    case "server_streaming":
      return { name: "request", type: init };
    case "client_streaming":
    case "bidi_streaming": {
      const asynchronous = [global("AsyncIterable"), "<", init, ">"];
      return { name: "requests", type: [asynchronous, " | ", global("Iterable"), "<", init, ">"] };
    }
  }
}

function reply({ global, shape }: Source, { kind, output }: MethodModel): Printable {
  switch (kind) {
    case "unary":
    case "client_streaming":
      return [global("Promise"), "<", shape(output), ">"];
    case "server_streaming":
    case "bidi_streaming":
      return [global("AsyncIterable"), "<", shape(output), ">"];
  }
}
