import type {
  CodeGeneratorRequest,
  CodeGeneratorResponse_File,
  DescriptorProto,
  FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { InputError } from "./input-error.ts";

/**
 * Refuses what no compiler lets through but a hand-made request may hold: names that are no
 * identifiers, paths that lead out of the output, methods without types.
 *
 * @throws InputError
 */
export function checkRequest(request: CodeGeneratorRequest): void {
  const files = [...request.protoFile, ...request.sourceFileDescriptors];
  for (const file of files) {
    checkPath(file.name);
    checkPackage(file);
  }
  const messages = new Set(files.flatMap(messageTypes));
  for (const file of files) {
    checkServices(file, messages);
  }
  checkDistinctServices(request.protoFile);
}

/** Stricter than protoplugin's own check, which lets a name start with a digit. */
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

function checkIdentifier(file: FileDescriptorProto, kind: string, name: string): void {
  if (!identifier.test(name)) {
    throw new InputError(`${file.name}: ${kind} name ${JSON.stringify(name)} is not an identifier`);
  }
}

function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined) {
    throw new InputError(`proto file name ${JSON.stringify(path)} ${problem}`);
  }
}

function pathProblem(path: string): string | undefined {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length === 0) {
    return "is empty";
  }
  if (/\p{Cc}|[\u2028\u2029\ufffd]/u.test(path)) {
    return "holds a control character";
  }
  if (path.includes("\\")) {
    return "holds a backslash";
  }
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
    return "is absolute";
  }
  if (segments.includes("..")) {
    return "leads out of its directory";
  }
  if (segments.some((segment) => segment.startsWith("."))) {
    return "has a part that starts with a dot";
  }
  return undefined;
}

function checkPackage(file: FileDescriptorProto): void {
  for (const part of file.package === "" ? [] : file.package.split(".")) {
    checkIdentifier(file, "package", part);
  }
}

/** Full names of a file's messages, with the leading dot of a reference. */
function messageTypes(file: FileDescriptorProto): string[] {
  const types: string[] = [];
  const collect = (scope: string, messages: readonly DescriptorProto[]): void => {
    for (const message of messages) {
      checkIdentifier(file, "message", message.name);
      for (const field of message.field) {
        checkIdentifier(file, "field", field.name);
      }
      const type = `${scope}.${message.name}`;
      types.push(type);
      collect(type, message.nestedType);
    }
  };
  collect(file.package === "" ? "" : `.${file.package}`, file.messageType);
  return types;
}

function checkServices(file: FileDescriptorProto, messages: ReadonlySet<string>): void {
  for (const service of file.service) {
    checkIdentifier(file, "service", service.name);
    const names = new Set<string>();
    for (const method of service.method) {
      checkIdentifier(file, "method", method.name);
      const rpc = `${file.name}: rpc ${service.name}.${method.name}`;
      if (names.has(method.name)) {
        throw new InputError(`${rpc} is there twice`);
      }
      names.add(method.name);
      for (const type of [method.inputType, method.outputType]) {
        if (!messages.has(type.startsWith(".") ? type : `.${type}`)) {
          throw new InputError(`${rpc}: message ${JSON.stringify(type)} is not in the request`);
        }
      }
    }
  }
}

function checkDistinctServices(files: readonly FileDescriptorProto[]): void {
  const seen = new Map<string, FileDescriptorProto>();
  for (const file of files) {
    for (const service of file.service) {
      const typeName = file.package === "" ? service.name : `${file.package}.${service.name}`;
      const other = seen.get(typeName);
      if (other !== undefined) {
        throw new InputError(`service ${typeName} is in ${other.name} and again in ${file.name}`);
      }
      seen.set(typeName, file);
    }
  }
}

/**
 * Refuses outputs that would overwrite each other, on a file system that ignores case too.
 *
 * @throws InputError
 */
export function checkOutputs(files: readonly CodeGeneratorResponse_File[]): void {
  const seen = new Map<string, string>();
  for (const { name } of files) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const how =
        other === name ? `twice: ${name}` : `that differ only in case: ${other} and ${name}`;
      throw new InputError(`the files to generate lead to outputs ${how}`);
    }
    seen.set(name.toLowerCase(), name);
  }
}
