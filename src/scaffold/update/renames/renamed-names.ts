import type { DescEnum, DescFile, DescMessage, Registry } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { descriptorName, shapeName } from "../../../plugin/message-names.ts";
import type { MessageModel, ServiceModel } from "../../../plugin/model.ts";
import { clientModule, genModule } from "../../emit/names.ts";
import type { GeneratedName } from "./code-edits.ts";

/** Where the names of generated modules went: `module#name` -> module and name. */
export type RenamedNames = Map<string, GeneratedName>;

/** The names that a service's own modules export for it. */
export function serviceNames(from: ServiceModel, to: ServiceModel): RenamedNames {
  const [was, is] = [genModule(from), genModule(to)];
  return new Map([
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
  const module = ({ importPath }: MessageModel) => importPath.slice(2).replace(/\.js$/, ".ts");
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
  const module = ({ name }: DescFile) => `${name}_pb.ts`;
  const relative = ({ typeName, file }: DescMessage | DescEnum) =>
    file.proto.package === "" ? typeName : typeName.slice(file.proto.package.length + 1);
  const targets = new Map(types(to).map((type) => [relative(type), type]));
  for (const type of types(from)) {
    if (registry?.get(type.typeName) !== undefined) continue;
    const target = targets.get(relative(type));
    if (target === undefined) continue;
    const add = (was: string, is: string) =>
      names.set(`${module(from)}#${was}`, { module: module(to), name: is });
    add(descriptorName(type), descriptorName(target));
    if (type.kind === "message" && target.kind === "message")
      add(shapeName(type), shapeName(target));
    else add(type.name, target.name);
  }
  return names;
}

function types(file: DescFile): (DescMessage | DescEnum)[] {
  return [...nestedTypes(file)].filter((type) => type.kind === "message" || type.kind === "enum");
}
