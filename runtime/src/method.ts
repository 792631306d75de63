import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { decodeReflected } from "./decode-reflected.ts";

/** Encodes and decodes the messages of one type. */
export interface Codec<Desc extends DescMessage = DescMessage> {
  readonly schema: Desc;
  /** Completes an initializer to a message. A message is returned unchanged. */
  create(init: MessageInitShape<Desc>): MessageShape<Desc>;
  /** Encodes a message or an initializer. @throws Error when a field has a value outside of its type. */
  encode(message: MessageInitShape<Desc>): Buffer;
  /** @throws Error when the bytes are not a message of this type. */
  decode(bytes: Uint8Array): MessageShape<Desc>;
}

/** The codec of protobuf-es, which interprets the descriptor of the message. */
export function reflectCodec<Desc extends DescMessage>(schema: Desc): Codec<Desc> {
  return {
    schema,
    create: (init) => create(schema, init),
    encode: (message) => {
      const bytes = toBinary(schema, create(schema, message));
      // grpc-js calls methods of Buffer on it.
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: (bytes) => decodeReflected(schema, bytes),
  };
}

/** The four kinds of a method, by the names of protobuf-es. */
export type MethodKind = DescMethod["methodKind"];

/** A method: its place in the proto and on the wire. */
export interface MethodInfo {
  /** Full name of the service, for example `user.UserService`. */
  readonly service: string;
  /** Name of the method as in the proto, for example `GetUser`. */
  readonly name: string;
  readonly kind: MethodKind;
  /** Path on the wire, for example `/user.UserService/GetUser`. */
  readonly path: string;
  /** The protobuf-es descriptor: options, comments and types of the method. */
  readonly descriptor: DescMethod;
}

/**
 * One method of a service: a grpc-js `MethodDefinition` with its descriptor and codecs. It works
 * with any code that takes grpc-js definitions.
 */
export interface MethodDefinition<
  Kind extends MethodKind = MethodKind,
  Input extends DescMessage = DescMessage,
  Output extends DescMessage = DescMessage,
> extends MethodInfo {
  readonly kind: Kind;
  readonly request: Codec<Input>;
  readonly response: Codec<Output>;
  // Required by grpc-js. Methods rather than function properties, so that a definition with known
  // types is also a `MethodDefinition` with any types.
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  requestSerialize(message: MessageShape<Input>): Buffer;
  requestDeserialize(bytes: Buffer): MessageShape<Input>;
  responseSerialize(message: MessageShape<Output>): Buffer;
  responseDeserialize(bytes: Buffer): MessageShape<Output>;
}

/** Descriptor of a method with its types, as protobuf-es generates it. */
type TypedDescMethod<
  Kind extends MethodKind,
  Input extends DescMessage,
  Output extends DescMessage,
> = DescMethod & { methodKind: Kind; input: Input; output: Output };

/**
 * Creates the definition of a method from its descriptor, which has its kind and types:
 * `defineMethod(UserService.method.getUser)`.
 *
 * @param request codec of the request; default: that of protobuf-es
 * @param response codec of the response; default: that of protobuf-es
 */
export function defineMethod<
  Kind extends MethodKind,
  Input extends DescMessage,
  Output extends DescMessage,
>(
  descriptor: TypedDescMethod<Kind, Input, Output>,
  request: Codec<Input> = reflectCodec(descriptor.input),
  response: Codec<Output> = reflectCodec(descriptor.output),
): MethodDefinition<Kind, Input, Output> {
  const kind = descriptor.methodKind;
  const definition: MethodDefinition<Kind, Input, Output> = {
    service: descriptor.parent.typeName,
    name: descriptor.name,
    kind,
    path: `/${descriptor.parent.typeName}/${descriptor.name}`,
    descriptor,
    request,
    response,
    requestStream: kind === "client_streaming" || kind === "bidi_streaming",
    responseStream: kind === "server_streaming" || kind === "bidi_streaming",
    requestSerialize: (message) => request.encode(message),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (message) => response.encode(message),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
  // Clients of grpc-js copy a definition onto functions, whose `name` is read-only.
  return Object.defineProperty(definition, "name", { enumerable: false });
}

/** Key of the descriptor in a service definition; grpc-js reads string keys only. */
export const serviceDescriptor: unique symbol = Symbol("serviceDescriptor");

/** The methods of a service, by local name. */
export type MethodDefinitions = { readonly [localName: string]: MethodDefinition };

/** All methods of these services. */
export function methodsOf(services: readonly ServiceDefinition[]): MethodDefinition[] {
  return services.flatMap((service) => Object.values(service));
}

/** The methods of a service by local name, with its descriptor: a grpc-js `ServiceDefinition`. */
export type ServiceDefinition<Methods = MethodDefinitions> = Methods & {
  readonly [serviceDescriptor]: ServiceDescriptor;
};

/** A `DescService` with or without types: protobuf-es generates `method` with narrower types. */
export type ServiceDescriptor = Omit<DescService, "method">;

/** Creates a service definition from the descriptor of a service and its methods. */
export function defineService<Methods extends MethodDefinitions>(
  descriptor: ServiceDescriptor,
  methods: Methods,
): ServiceDefinition<Methods> {
  return { ...methods, [serviceDescriptor]: descriptor };
}
