import { ScalarType } from "@bufbuild/protobuf";
import {
  type CodeGeneratorResponse_File,
  type DescriptorProto,
  type EnumDescriptorProto,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { checkEdition } from "./editions.ts";
import { InputError } from "./input-error.ts";

/**
 * Refuses what compilers never send but a hand-made request may contain: names that are not
 * identifiers, paths that leave the output, missing types.
 *
 * @throws InputError
 */
export function checkFiles(files: readonly FileDescriptorProto[]): void {
  for (const file of files) {
    checkPath(file.name);
    checkEdition(file);
    checkPackage(file);
  }
  checkDistinct(files);
  const types = new Set<string>();
  for (const file of files) {
    addTypes(file, types);
  }
  for (const file of files) {
    checkFieldTypes(file, file.messageType, types);
    checkServices(file, types);
  }
}

/** Stricter than protoplugin, which accepts names that start with a digit. */
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
  if (/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffd]/u.test(path)) {
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

/** The limit of protobuf-es for messages on the wire. Compilers allow less. */
const maxDepth = 100;

/** Adds the full names of a file's messages and enums, with the leading dot of a reference. */
function addTypes(file: FileDescriptorProto, types: Set<string>): void {
  const addEnums = (scope: string, enums: readonly EnumDescriptorProto[]): void => {
    for (const { name } of enums) {
      checkIdentifier(file, "enum", name);
      types.add(`${scope}.${name}`);
    }
  };
  const addMessages = (scope: string, messages: readonly DescriptorProto[], depth: number) => {
    if (depth > maxDepth) {
      throw new InputError(`${file.name}: messages are nested deeper than ${maxDepth}`);
    }
    for (const message of messages) {
      checkIdentifier(file, "message", message.name);
      for (const { name } of message.field) {
        checkIdentifier(file, "field", name);
      }
      for (const { name } of message.oneofDecl) {
        checkIdentifier(file, "oneof", name);
      }
      const type = `${scope}.${message.name}`;
      types.add(type);
      addEnums(type, message.enumType);
      addMessages(type, message.nestedType, depth + 1);
    }
  };
  const scope = file.package === "" ? "" : `.${file.package}`;
  addEnums(scope, file.enumType);
  addMessages(scope, file.messageType, 0);
}

function checkFieldTypes(
  file: FileDescriptorProto,
  messages: readonly DescriptorProto[],
  types: ReadonlySet<string>,
): void {
  for (const message of messages) {
    for (const { name, type, typeName } of message.field) {
      const where = `${file.name}: field ${message.name}.${name}`;
      if (typeName !== "") checkType(where, typeName, types);
      const isNamed = namedTypes.has(type);
      if (isNamed !== (typeName !== "") || !(isNamed || isScalar(type))) {
        throw new InputError(`${where} has the unknown type ${type}`);
      }
    }
    checkFieldTypes(file, message.nestedType, types);
  }
}

/** Types that another name of the request describes. */
const namedTypes: ReadonlySet<number> = new Set([
  FieldDescriptorProto_Type.MESSAGE,
  FieldDescriptorProto_Type.GROUP,
  FieldDescriptorProto_Type.ENUM,
]);

function isScalar(type: number): boolean {
  return ScalarType[type] !== undefined;
}

function checkType(where: string, type: string, types: ReadonlySet<string>): void {
  if (!types.has(type.startsWith(".") ? type : `.${type}`)) {
    throw new InputError(`${where}: type ${JSON.stringify(type)} is not in the request`);
  }
}

function checkServices(file: FileDescriptorProto, types: ReadonlySet<string>): void {
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
        checkType(rpc, type, types);
      }
    }
  }
}

function checkDistinct(files: readonly FileDescriptorProto[]): void {
  const names = new Set<string>();
  const seen = new Map<string, FileDescriptorProto>();
  for (const file of files) {
    if (names.has(file.name)) {
      throw new InputError(`${file.name} is in the request twice`);
    }
    names.add(file.name);
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
 * Refuses outputs that would overwrite each other, also on a case-insensitive file system, and a file
 * where another output needs a directory.
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
  for (const { name } of files) {
    const lower = name.toLowerCase();
    for (let end = lower.indexOf("/"); end >= 0; end = lower.indexOf("/", end + 1)) {
      const file = seen.get(lower.slice(0, end));
      if (file !== undefined) {
        throw new InputError(`output ${file} is in the way of the directory of ${name}`);
      }
    }
  }
}
