import type { DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { claimName, identifierName } from "../print/names.ts";
import { docsOf } from "./comments.ts";
import { InputError } from "./input-error.ts";
import { descriptorName, shapeName } from "./message-names.ts";
import {
  isTypeName,
  lowerCamelCase,
  memberName,
  methodFileName,
  outputPath,
  serviceDirectories,
} from "./names.ts";
import { once } from "./once.ts";

/** A message as request or response of a method, with the names that protoc-gen-es gives it. */
export interface MessageModel {
  /** Full name in the proto, for example `user.GetUserRequest`. */
  readonly typeName: string;
  /** Name of the TypeScript type. */
  readonly name: string;
  /** Name of the descriptor, for example `GetUserRequestSchema`. */
  readonly schemaName: string;
  /** Module with both, see {@link ServiceModel.importPath}. */
  readonly importPath: string;
}

export interface MethodModel {
  /** Name in the proto, for example `GetUser`. */
  readonly name: string;
  /** Property of definition, handlers and client, for example `getUser` or `then$`. */
  readonly localName: string;
  /** `localName` as the name of a function, for example `delete$`. */
  readonly identifier: string;
  /** Property of the protobuf-es descriptor. */
  readonly descriptorKey: string;
  readonly kind: DescMethod["methodKind"];
  /** Path on the wire, for example `/user.UserService/GetUser`. */
  readonly path: string;
  /** Comments in the proto, safe to print in a comment; may be empty. */
  readonly docs: string;
  readonly deprecated: boolean;
  /** File name in kebab-case without extension, for example `get-user`; unique in the service. */
  readonly fileName: string;
  readonly input: MessageModel;
  readonly output: MessageModel;
}

/** Whether the caller sends a stream of requests. */
export function streamsRequests({ kind }: Pick<MethodModel, "kind">): boolean {
  return kind === "client_streaming" || kind === "bidi_streaming";
}

/** Whether the server sends a stream of responses. */
export function streamsResponses({ kind }: Pick<MethodModel, "kind">): boolean {
  return kind === "server_streaming" || kind === "bidi_streaming";
}

export interface ServiceModel {
  /** Full name in the proto, for example `user.UserService`. */
  readonly typeName: string;
  readonly name: string;
  /** Start of derived names, for example `userService`; unique in the file. */
  readonly localName: string;
  readonly package: string;
  /** Name of the proto file, for example `user.proto`. */
  readonly sourceFile: string;
  /**
   * Module with definition and handlers, for example `./user_grpc.js`: relative to the output root,
   * and always with `.js`, as protoplugin's `GeneratedFile.import` takes it.
   */
  readonly importPath: string;
  /** Comments in the proto, safe to print in a comment; may be empty. */
  readonly docs: string;
  readonly deprecated: boolean;
  /** Name of the protobuf-es descriptor, and the module it comes from. */
  readonly descriptorName: string;
  readonly descriptorPath: string;
  /** For example `userServiceDefinition`. */
  readonly definitionName: string;
  /** For example `UserServiceHandlers`. */
  readonly handlersType: string;
  /** For example `UserServiceClient`. */
  readonly clientClass: string;
  /** Module with the client class, for example `./user_client.js`. Only callers load it. */
  readonly clientPath: string;
  /** Directory in kebab-case, for example `user`; unique among all services. */
  readonly directory: string;
  readonly methods: readonly MethodModel[];
}

/**
 * Describes every service of the files to generate code for, as plain data.
 *
 * @throws InputError when two methods of a service would have the same name.
 */
export function serviceModels(files: readonly DescFile[]): ServiceModel[] {
  const importPathOf = messagePaths(files);
  const messageModelOf = once((message: DescMessage) => messageModel(message, importPathOf));
  const directories = serviceDirectories(
    files.flatMap((file) =>
      file.services.map(({ name, typeName }) => ({ name, typeName, package: file.proto.package })),
    ),
  );
  return files.flatMap((file) => {
    const taken = new Set<string>();
    return file.services.map((service): ServiceModel => {
      const localName = claimName(lowerCamelCase(service.name), taken);
      return {
        typeName: service.typeName,
        name: service.name,
        localName,
        package: file.proto.package,
        sourceFile: file.proto.name,
        importPath: `./${outputPath(file.name, "grpc")}.js`,
        docs: docsOf(service),
        deprecated: service.deprecated || file.deprecated,
        descriptorName: descriptorName(service),
        descriptorPath: importPathOf(file),
        definitionName: `${localName}Definition`,
        handlersType: `${service.name}Handlers`,
        clientClass: `${service.name}Client`,
        clientPath: `./${outputPath(file.name, "client")}.js`,
        directory: directories.get(service.typeName) ?? service.name,
        methods: methodModels(service, messageModelOf),
      };
    });
  });
}

function methodModels(
  service: DescService,
  messageModelOf: (message: DescMessage) => MessageModel,
): MethodModel[] {
  const methods = service.methods.map(
    (method): MethodModel => ({
      name: method.name,
      localName: memberName(method.localName),
      identifier: identifierName(memberName(method.localName)),
      descriptorKey: method.localName,
      kind: method.methodKind,
      path: `/${service.typeName}/${method.name}`,
      docs: docsOf(method),
      deprecated: method.deprecated,
      fileName: methodFileName(method.name),
      input: messageModelOf(method.input),
      output: messageModelOf(method.output),
    }),
  );
  assertDistinct(service, methods, (method) => method.localName);
  assertDistinct(service, methods, (method) => method.fileName);
  return methods;
}

function assertDistinct(
  service: DescService,
  methods: readonly MethodModel[],
  nameOf: (method: MethodModel) => string,
): void {
  const seen = new Map<string, MethodModel>();
  for (const method of methods) {
    const name = nameOf(method);
    const other = seen.get(name);
    if (other !== undefined) {
      throw new InputError(
        `${service.file.proto.name}: methods ${other.name} and ${method.name} of service ${service.typeName} would both be named ${name}: rename one of them`,
      );
    }
    seen.set(name, method);
  }
}

/** @throws InputError when no type can have the name of the message. */
export function messageModel(message: DescMessage, importPathOf: ImportPathOf): MessageModel {
  const name = shapeName(message);
  if (!isTypeName(name)) {
    throw new InputError(
      `${message.file.proto.name}: a message cannot be named ${name} in TypeScript: rename ${message.typeName}`,
    );
  }
  return {
    typeName: message.typeName,
    name,
    schemaName: descriptorName(message),
    importPath: importPathOf(message.file),
  };
}

/** Module that protoc-gen-es prints for a file, see {@link ServiceModel.importPath}. */
export type ImportPathOf = (file: DescFile) => string;

/** Well-known types are imported from protobuf-es, unless they are generated too. */
export function messagePaths(generated: readonly DescFile[]): ImportPathOf {
  const own = new Set(generated);
  // A file may be called `constructor`.
  const published = new Map(Object.entries(wktPublicImportPaths));
  return (file) => {
    const path = own.has(file) ? undefined : published.get(file.proto.name);
    return path ?? `./${file.name}_pb.js`;
  };
}
