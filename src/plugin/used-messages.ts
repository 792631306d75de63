import type { DescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/**
 * The messages that requests and responses of these files consist of.
 *
 * @param files all files of a request, checked: every type exists
 * @param wanted names of the files with the services
 */
export function usedMessages(
  files: readonly FileDescriptorProto[],
  wanted: ReadonlySet<string>,
): ReadonlySet<DescriptorProto> {
  const types = methodTypes(files.filter(({ name }) => wanted.has(name)));
  if (types.length === 0) return new Set();
  const byType = indexed(files);
  const used = new Set<DescriptorProto>();
  for (let type = types.pop(); type !== undefined; type = types.pop()) {
    const message = byType.get(type);
    if (message === undefined || used.has(message)) continue;
    used.add(message);
    for (const { typeName } of message.field) if (typeName !== "") types.push(qualified(typeName));
  }
  return used;
}

function methodTypes(files: readonly FileDescriptorProto[]): string[] {
  const methods = files.flatMap(({ service }) => service.flatMap(({ method }) => method));
  return methods.flatMap(({ inputType, outputType }) => [inputType, outputType]).map(qualified);
}

/** A reference starts with a dot, except in hand-made requests. */
function qualified(type: string): string {
  return type.startsWith(".") ? type : `.${type}`;
}

function indexed(files: readonly FileDescriptorProto[]): Map<string, DescriptorProto> {
  const byType = new Map<string, DescriptorProto>();
  const add = (scope: string, messages: readonly DescriptorProto[]): void => {
    for (const message of messages) {
      const type = `${scope}.${message.name}`;
      byType.set(type, message);
      add(type, message.nestedType);
    }
  };
  for (const file of files) add(file.package === "" ? "" : `.${file.package}`, file.messageType);
  return byType;
}
