import { create, createFileRegistry, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { onTestFinished } from "vitest";
import {
  bindClient,
  type CallOptions,
  createChannel,
} from "../../../../runtime/src/client/index.ts";
import {
  defineMethod,
  defineService,
  type MethodDefinition,
} from "../../../../runtime/src/index.ts";
import { compile } from "../../../../tooling/plugins/image.ts";
import { temporaryFolder, writeFiles } from "../../../scaffold/support.ts";

/** Calls a method with JSON; every kind of method takes and returns a list. */
export type Call = (
  method: string,
  requests: readonly JsonValue[] | AsyncIterable<JsonValue>,
  options?: CallOptions,
) => AsyncIterable<JsonValue>;

/** Our client for a service of a proto, without generated code. */
export async function clientFor(proto: string, service: string, address: string): Promise<Call> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { "client.proto": proto });
  const file = [...(await compile(folder))];
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const desc = registry.getService(service);
  if (desc === undefined) throw new Error(`no service ${service}`);
  const channel = createChannel(address);
  onTestFinished(() => channel.close());
  return async function* (name, requests, options) {
    const descriptor = desc.methods.find((method) => method.name === name);
    if (descriptor === undefined) throw new Error(`no method ${name}`);
    const { input, output } = descriptor;
    // A method of any kind works as the one with the most: on the wire they are the same.
    const method: MethodDefinition<"bidi_streaming"> = {
      ...defineMethod(descriptor),
      kind: "bidi_streaming",
      service,
      name,
    };
    const { methods } = bindClient(defineService(desc, { call: method }), channel);
    async function* messages() {
      for await (const request of requests) yield fromJson(input, request, { registry });
    }
    for await (const response of methods.call(messages(), options)) {
      yield toJson(output, response, { registry });
    }
  };
}

/** All responses of a call. */
export async function all(responses: AsyncIterable<JsonValue>): Promise<JsonValue[]> {
  const collected: JsonValue[] = [];
  for await (const response of responses) collected.push(response);
  return collected;
}
