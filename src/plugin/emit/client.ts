import type { Doc } from "../../print/doc.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import { assignment, call, signature, typeArguments, unionProperty } from "../../print/syntax.ts";
import type { MethodModel, ServiceModel } from "../model.ts";
import { methodDocs, serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** Prints the client class. It wraps the library's client, so that no RPC can replace one of its members. */
export function emitClient(source: Source, service: ServiceModel): void {
  const { print, target } = source;
  const keywords = target === "dts" ? "declare class" : "class";
  print(serviceDocs(service, `Client of service ${service.typeName}.`));
  print(`export ${keywords} ${service.clientClass} {`);
  emitConstructor(source, service);
  for (const method of service.methods) {
    print();
    emitMethod(source, service, method);
  }
  emitConnection(source);
  print("}");
}

function emitConstructor(source: Source, { definitionName, importPath }: ServiceModel): void {
  const { print, printMember, target, type, body, runtime, runtimeType } = source;
  const definition = source.value(definitionName, importPath);
  const clientType = (name: string) => runtimeType(name, "client");
  if (target === "dts") {
    printMember("#private;");
  } else {
    const bound = typeArguments(clientType("BoundClient"), `typeof ${definition}`);
    printMember(type("readonly "), "#client", type([": ", bound]), ";");
  }
  print();
  if (target !== "js") {
    const addressOptions = `options?: ${clientType("AddressOptions")}`;
    printMember(jsDoc("Calls an address, through a channel of its own."));
    printMember(signature("constructor", ["address: string", addressOptions], ""), ";");
    const channel = `channel: ${clientType("ClientChannel")}`;
    const channelOptions = `options?: ${clientType("ClientOptions")}`;
    printMember(jsDoc("Calls through a channel that stays yours to close."));
    printMember(signature("constructor", [channel, channelOptions], ""), ";");
  }
  if (target !== "dts") {
    const parameters = [
      ["target", type(`: ${clientType("ClientTarget")}`)],
      ["options", type(`?: ${clientType("ClientOptions")}`)],
    ];
    const bind = call(runtime("bindClient", "client"), definition, "target", "options");
    printMember(
      signature("constructor", parameters, ""),
      body([assignment("this.#client", bind), ";"]),
    );
  }
}

function emitMethod(source: Source, service: ServiceModel, method: MethodModel): void {
  const { printMember, type, body, runtimeType } = source;
  const { localName } = method;
  const request = requestOf(source, method);
  const parameters = [
    source.target === "js" ? request.name : request.parameter,
    ["options", type(`?: ${runtimeType("CallOptions", "client")}`)],
  ];
  const response = call(`this.#client.methods.${localName}`, request.name, "options");
  printMember(methodDocs(service, method));
  printMember(
    signature(localName, parameters, type([": ", responseType(source, method)])),
    body(["return ", response, ";"]),
  );
}

function emitConnection({ print, printMember, type, body, global }: Source): void {
  print();
  printMember(jsDoc("Resolves once connected; rejects when that takes longer than `timeoutMs`."));
  const timeout = ["timeoutMs", type(": number")];
  printMember(
    signature("waitForReady", [timeout], type(`: ${global("Promise")}<void>`)),
    body("return this.#client.waitForReady(timeoutMs);"),
  );
  print();
  printMember(jsDoc("Closes the channel, unless it was passed in."));
  printMember(signature("close", [], type(": void")), body("this.#client.close();"));
}

interface Request {
  readonly name: string;
  /** The name with its type. */
  readonly parameter: Doc;
}

function requestOf({ global, initType }: Source, { kind, input }: MethodModel): Request {
  const init = initType(input);
  switch (kind) {
    case "unary":
    case "server_streaming":
      return { name: "request", parameter: ["request: ", init] };
    case "client_streaming":
    case "bidi_streaming": {
      const types = [global("AsyncIterable"), global("Iterable")] as const;
      const streams = types.map((stream) => typeArguments(stream, init));
      return { name: "requests", parameter: unionProperty("requests", streams) };
    }
  }
}

function responseType({ global, shape }: Source, { kind, output }: MethodModel): Doc {
  switch (kind) {
    case "unary":
    case "client_streaming":
      return typeArguments(global("Promise"), shape(output));
    case "server_streaming":
    case "bidi_streaming":
      return typeArguments(global("AsyncIterable"), shape(output));
  }
}
