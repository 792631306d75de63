import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type ServiceModel, serviceModels } from "../../plugin/model.ts";
import { createPlugin } from "../../plugin/plugin.ts";
import { UsageError } from "../../terminal/errors.ts";
import { describeRequests, type Requests } from "../emit/request.ts";
import type { Compiled, Descriptors } from "../protos/compiled.ts";
import type { GenConfig } from "./gen-config.ts";
import { runPlugin } from "./run-plugin.ts";

/** The output of the generators, and what they read in the protos. */
export interface Generated {
  /** Path relative to src/gen -> text. */
  readonly files: ReadonlyMap<string, string>;
  readonly services: readonly ServiceModel[];
  /** Services of the protos that are left out, because every project already serves them. */
  readonly builtIn: readonly string[];
  readonly requests: Requests;
}

/** Whether every project serves a service in addition to the user's. */
export function isBuiltIn(typeName: string): boolean {
  return servedByProject.has(typeName);
}

const servedByProject = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/**
 * Runs the generators of buf.gen.yaml in this process, on the same requests as buf: a later
 * `buf generate` changes nothing.
 *
 * @param targets names of the project's own proto files; the others are imports
 * @throws UsageError when a generator refuses the protos, or they have no service.
 */
export async function generate(
  compiled: Descriptors & Pick<Compiled, "messages">,
  targets: ReadonlySet<string>,
  config: Pick<GenConfig, "es" | "grpc">,
): Promise<Generated> {
  // Our plugin first: it has checks that protoc-gen-es lacks.
  const grpc = runPlugin(createPlugin(), config.grpc, compiled, targets);
  const described = describe(compiled, targets);
  // A service without RPCs needs no code, and grpc-js refuses to serve one.
  const models = serviceModels(described).filter(({ methods }) => methods.length > 0);
  const services = models.filter(({ typeName }) => !isBuiltIn(typeName));
  const builtIn = models.map(({ typeName }) => typeName).filter(isBuiltIn);
  if (services.length === 0) throw new UsageError(noServiceText(targets, builtIn));
  // Last: it loads protoc-gen-es, which takes most of the time.
  const messages = compiled.messages ?? (await messagesOf(compiled, targets, config));
  const inputs = described.flatMap((file) =>
    file.services.flatMap(({ methods }) => methods.map(({ input }) => input)),
  );
  return {
    files: new Map([...messages, ...grpc]),
    services,
    builtIn,
    requests: describeRequests(inputs),
  };
}

async function messagesOf(
  compiled: Descriptors,
  targets: ReadonlySet<string>,
  { es }: Pick<GenConfig, "es">,
): Promise<Map<string, string>> {
  const { generateMessages } = await import("./messages.ts");
  return generateMessages(compiled, targets, es);
}

function noServiceText(targets: ReadonlySet<string>, builtIn: readonly string[]): string {
  if (builtIn.length > 0) {
    return `the protos have only ${builtIn.join(" and ")}, which is built into every project; give the file with your service`;
  }
  const names = [...targets].slice(0, 3).join(", ");
  const more = targets.size > 3 ? ", ..." : "";
  return `no service with an RPC in ${names}${more}; give a file with one`;
}

function describe({ sourceFiles }: Descriptors, targets: ReadonlySet<string>): DescFile[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...sourceFiles] }));
  return [...registry.files].filter(({ proto }) => targets.has(proto.name));
}
