import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type ServiceModel, serviceModels } from "../../plugin/model.ts";
import { createPlugin } from "../../plugin/plugin.ts";
import { UsageError } from "../../terminal/errors.ts";
import { describeRequests, type Requests } from "../emit/request.ts";
import type { Compiled, Descriptors } from "../protos/compile.ts";
import type { GenConfig } from "./gen-config.ts";
import { runPlugin } from "./run-plugin.ts";

/** What the generators make of compiled protos. */
export interface Generated {
  /** Path relative to src/gen -> text. */
  readonly files: ReadonlyMap<string, string>;
  readonly services: readonly ServiceModel[];
  /** Services of the protos that are left out, because every project serves them by itself. */
  readonly builtIn: readonly string[];
  readonly requests: Requests;
}

/** What templates/project registers beside the user's services. */
const servedByProject = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/**
 * Runs the generators of buf.gen.yaml in this process, on the requests that buf would make:
 * `buf generate` afterwards changes nothing.
 *
 * @param targets names of the project's own proto files; the others are imports
 * @throws UsageError when a generator refuses the protos, or they have no service.
 */
export async function generate(
  compiled: Descriptors & Pick<Compiled, "messages">,
  targets: ReadonlySet<string>,
  config: Pick<GenConfig, "es" | "grpc">,
): Promise<Generated> {
  // Ours first: it checks what the other one does not.
  const grpc = runPlugin(createPlugin(), config.grpc, compiled, targets);
  const messages = compiled.messages ?? (await messagesOf(compiled, targets, config));
  const described = describe(compiled, targets);
  // A service without RPCs needs no code, and grpc-js refuses to serve one.
  const models = serviceModels(described).filter(({ methods }) => methods.length > 0);
  const services = models.filter(({ typeName }) => !servedByProject.has(typeName));
  const builtIn = models
    .map(({ typeName }) => typeName)
    .filter((name) => servedByProject.has(name));
  if (services.length === 0) throw new UsageError(noServiceText(targets, builtIn));
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
    return `no service but ${builtIn.join(" and ")}, which every project has built in; name the file that has yours`;
  }
  const names = [...targets].slice(0, 3).join(", ");
  const more = targets.size > 3 ? ", ..." : "";
  return `no service with an RPC in ${names}${more}; name the file that has one`;
}

function describe({ sourceFiles }: Descriptors, targets: ReadonlySet<string>): DescFile[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...sourceFiles] }));
  return [...registry.files].filter(({ proto }) => targets.has(proto.name));
}
