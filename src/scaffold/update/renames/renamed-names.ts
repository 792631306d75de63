import type { DescEnum, DescFile, DescMessage, DescService, Registry } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { descriptorName, shapeName } from "../../../plugin/message-names.ts";
import type { MessageModel, ServiceModel } from "../../../plugin/model.ts";
import { clientModule, genModule, sourceModule } from "../../emit/names.ts";
import type { GeneratedName } from "./code-edits.ts";

/** Where the names of generated modules went: `module#name` -> module and name. */
export type RenamedNames = Map<string, GeneratedName>;

/** The names that a service's own modules export for it. */
export function serviceNames(from: ServiceModel, to: ServiceModel): RenamedNames {
  const [was, is] = [genModule(from), genModule(to)];
  const described = ({ descriptorPath }: ServiceModel) => sourceModule(descriptorPath);
  return new Map([
    [
      `${described(from)}#${from.descriptorName}`,
      { module: described(to), name: to.descriptorName },
    ],
    [`${was}#${from.definitionName}`, { module: is, name: to.definitionName }],
    [`${was}#${from.handlersType}`, { module: is, name: to.handlersType }],
    [
      `${clientModule(from)}#${from.clientClass}`,
      { module: clientModule(to), name: to.clientClass },
    ],
  ]);
}

/** The names of a message and its descriptor. */
export function messageNames(from: MessageModel, to: MessageModel): RenamedNames {
  const module = ({ importPath }: MessageModel) => sourceModule(importPath);
  if (!from.importPath.startsWith("./") || !to.importPath.startsWith("./")) return new Map();
  const key = (name: string) => `${module(from)}#${name}`;
  return new Map([
    [key(from.name), { module: module(to), name: to.name }],
    [key(from.schemaName), { module: module(to), name: to.schemaName }],
  ]);
}

/**
 * The types of a file whose package changed, to those of the same name in another file.
 *
 * @param keep leaves out types that the protos still have
 */
export function fileNames(
  from: DescFile,
  to: DescFile,
  registry: Registry | undefined,
): RenamedNames {
  const names: RenamedNames = new Map();
  const relative = ({ typeName, file }: NamedType) =>
    file.proto.package === "" ? typeName : typeName.slice(file.proto.package.length + 1);
  const targets = new Map(typesOf(to).map((type) => [relative(type), type]));
  for (const type of typesOf(from)) {
    const target = targets.get(relative(type));
    if (registry?.get(type.typeName) !== undefined || target === undefined) continue;
    for (const [key, name] of typeNames(type, target)) names.set(key, name);
  }
  return names;
}

/** A type that protoc-gen-es generates code for. */
type NamedType = DescMessage | DescEnum | DescService;

/** The names that protoc-gen-es exports for a type. */
export function typeNames(from: NamedType, to: NamedType): RenamedNames {
  const names: RenamedNames = new Map();
  const add = (was: string, is: string) =>
    names.set(`${from.file.name}_pb.ts#${was}`, { module: `${to.file.name}_pb.ts`, name: is });
  add(descriptorName(from), descriptorName(to));
  if (from.kind === "message" && to.kind === "message") add(shapeName(from), shapeName(to));
  if (from.kind === "enum") add(enumName(from), enumName(to));
  return names;
}

/** The descriptor of an enum has its name, nesting included. */
function enumName(type: NamedType): string {
  return descriptorName(type).replace(/Schema(?=\$|$)/, "");
}

export function typesOf(file: DescFile): NamedType[] {
  return [...nestedTypes(file)].filter((type) => type.kind !== "extension");
}
