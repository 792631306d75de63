import { create, type FileRegistry, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { GrpcError } from "../../../runtime/src/error.ts";
import { type Address, splitArguments } from "../../reflection/address.ts";
import { openConnection } from "../../reflection/connect.ts";
import { connectionTo } from "../../reflection/connection-settings.ts";
import { ReflectedSchema } from "../../reflection/reflected-schema.ts";
import { ReflectionStream } from "../../reflection/reflection-stream.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import type { Compiled } from "./compiled.ts";
import { compileDescriptorSet } from "./compiler.ts";

/** Largest answer of a server: all files of a large API at once. */
const maxAnswerBytes = 128 * 1024 * 1024;

/**
 * Reads the services of a running server by its reflection, v1 or v1alpha. Like a descriptor set, they have no
 * comments. A server on another machine is called with TLS, unless the address is an http URL.
 *
 * @param value `host:port` or a URL, as typed
 * @throws UsageError when it has no reflection, cannot be reached or has no service
 */
export async function compileServer(value: string, { signal }: Host): Promise<Compiled> {
  const shown = `--from-server ${printable(value)}`;
  const connection = openConnection(connectionTo(addressOf(value, shown)), maxAnswerBytes);
  const settings = { metadata: new Metadata(), signal };
  const stream = new ReflectionStream(connection, settings);
  try {
    const registry = await readServices(new ReflectedSchema(connection.address, stream), shown);
    const file = [...registry.files].map(({ proto }) => proto);
    const content = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
    return await compileDescriptorSet(content, "binpb", shown, signal);
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    throw new UsageError(`${shown}: ${error.code}: ${printable(error.message)}`);
  } finally {
    await stream.close();
    connection.close();
  }
}

function addressOf(value: string, shown: string): Address {
  const { address, rest } = splitArguments([value]);
  if (address !== undefined && rest.length === 0) return address;
  throw new UsageError(`${shown} is not an address: give host:port`);
}

/** The files of all services but those that come with a server. */
async function readServices(schema: ReflectedSchema, shown: string): Promise<FileRegistry> {
  let registry: FileRegistry | undefined;
  for (const name of await schema.serviceNames()) {
    if (comesWithServers.test(name)) continue;
    registry = (await schema.find(name)) ?? registry;
  }
  if (registry === undefined) throw new UsageError(`${shown} has no service of its own`);
  return registry;
}

const comesWithServers = /^grpc\.(?:reflection|health|channelz|binarylog)\./;
