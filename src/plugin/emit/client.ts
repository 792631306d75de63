import type { MethodModel, ServiceModel } from "../model.ts";
import { docComment } from "../text.ts";
import { methodDocs, serviceDocs } from "./docs.ts";
import type { Source } from "./source.ts";

/** The client class. It wraps the runtime's client, so that no method can take the place of a part. */
export function emitClient(source: Source, service: ServiceModel): void {
  const { print, target } = source;
  const keywords = target === "dts" ? "declare class" : "class";
  print();
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

function emitConstructor(source: Source, { definitionName }: ServiceModel): void {
  const { print, target, type, body, runtime, runtimeType } = source;
  if (target === "dts") {
    print("  #private;");
  } else {
    const clientType = type`: ${runtimeType("BoundClient", "client")}<typeof ${definitionName}>`;
    print(`  ${type`readonly `}#client${clientType};`);
  }
  const client = (name: string) => runtimeType(name, "client");
  print();
  if (target !== "js") {
    print(docComment("Calls an address, through a channel of its own.", "  "));
    print(`  constructor(address: string, options?: ${client("AddressOptions")});`);
    print(docComment("Calls through a channel that stays yours to close.", "  "));
    print(
      `  constructor(channel: ${client("ClientChannel")}, options?: ${client("ClientOptions")});`,
    );
  }
  if (target !== "dts") {
    const targetType = type`: ${client("ClientTarget")}`;
    const optionsType = type`?: ${client("ClientOptions")}`;
    print(
      `  constructor(target${targetType}, options${optionsType})`,
      body`this.#client = ${runtime("bindClient", "client")}(${definitionName}, target, options);`,
    );
  }
}

function emitMethod(source: Source, service: ServiceModel, method: MethodModel): void {
  const { print, type, body, runtimeType } = source;
  const { localName } = method;
  const request = requestOf(source, method);
  const requestType = type`: ${request.type}`;
  const optionsType = type`?: ${runtimeType("CallOptions", "client")}`;
  print(methodDocs(service, method));
  print(
    `  ${localName}(${request.name}${requestType}, options${optionsType})`,
    type`: ${replyType(source, method)}`,
    body`return this.#client.methods.${localName}(${request.name}, options);`,
  );
}

function emitConnection({ print, type, body, global }: Source): void {
  print();
  print(
    docComment("Resolves once connected; rejects when that takes longer than `timeoutMs`.", "  "),
  );
  print(
    `  waitForReady(timeoutMs${type`: number`})${type`: ${global("Promise")}<void>`}`,
    body`return this.#client.waitForReady(timeoutMs);`,
  );
  print();
  print(docComment("Closes the channel, unless it was passed in.", "  "));
  print(`  close()${type`: void`}`, body`this.#client.close();`);
}

interface Parameter {
  readonly name: string;
  readonly type: string;
}

function requestOf({ global, initType }: Source, { kind, input }: MethodModel): Parameter {
  const init = initType(input);
  switch (kind) {
    case "unary":
    case "server_streaming":
      return { name: "request", type: init };
    case "client_streaming":
    case "bidi_streaming": {
      const type = `${global("AsyncIterable")}<${init}> | ${global("Iterable")}<${init}>`;
      return { name: "requests", type };
    }
  }
}

function replyType({ global, shape }: Source, { kind, output }: MethodModel): string {
  switch (kind) {
    case "unary":
    case "client_streaming":
      return `${global("Promise")}<${shape(output)}>`;
    case "server_streaming":
    case "bidi_streaming":
      return `${global("AsyncIterable")}<${shape(output)}>`;
  }
}
