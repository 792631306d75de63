import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

/** Turns the messages of one type into bytes and back. */
export interface Codec<Desc extends DescMessage = DescMessage> {
  readonly schema: Desc;
  /** Completes an initializer to a message; a message is returned as it is. */
  create(init: MessageInitShape<Desc>): MessageShape<Desc>;
  /** @throws Error when a field holds a value that its type cannot carry. */
  encode(message: MessageShape<Desc>): Buffer;
  /** @throws Error when the bytes are not a message of this type. */
  decode(bytes: Uint8Array): MessageShape<Desc>;
}

/** The codec of protobuf-es itself, which walks the descriptor of the message. */
export function reflectCodec<Desc extends DescMessage>(schema: Desc): Codec<Desc> {
  return {
    schema,
    create: (init) => create(schema, init),
    encode: (message) => {
      const bytes = toBinary(schema, message);
      // grpc-js calls Buffer's own methods on what it sends.
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: (bytes) => fromBinary(schema, bytes),
  };
}

/** The four patterns of a call, by the names that protobuf-es gives them. */
export type MethodKind = DescMethod["methodKind"];

/** What is known of a method before any call: its place in the proto and on the wire. */
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
 * One method of a service: an ordinary grpc-js `MethodDefinition` that also knows its descriptor
 * and its codecs. Works with any code that takes grpc-js definitions.
 */
export interface MethodDefinition<
  Kind extends MethodKind = MethodKind,
  Input extends DescMessage = DescMessage,
  Output extends DescMessage = DescMessage,
> extends MethodInfo {
  readonly kind: Kind;
  readonly request: Codec<Input>;
  readonly response: Codec<Output>;
  // What grpc-js wants. Methods, not function properties: so a definition of known types is also
  // a `MethodDefinition` of any types.
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  requestSerialize(message: MessageShape<Input>): Buffer;
  requestDeserialize(bytes: Buffer): MessageShape<Input>;
  responseSerialize(message: MessageShape<Output>): Buffer;
  responseDeserialize(bytes: Buffer): MessageShape<Output>;
}

/** Descriptor of a method with its types, as protobuf-es emits it. */
type TypedDescMethod<
  Kind extends MethodKind,
  Input extends DescMessage,
  Output extends DescMessage,
> = DescMethod & { methodKind: Kind; input: Input; output: Output };

/**
 * Makes the definition of a method from its descriptor, for example
 * `defineMethod(UserService.method.getUser)`; kind and types follow from it.
 *
 * @param request codec of the request, protobuf-es' own by default
 * @param response codec of the response, protobuf-es' own by default
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
  // grpc-js' own clients copy a definition onto functions, whose name cannot be written to.
  return Object.defineProperty(definition, "name", { enumerable: false });
}

/** Key under which a service definition carries its descriptor; grpc-js looks at string keys only. */
export const serviceDescriptor: unique symbol = Symbol("serviceDescriptor");

/** What a service definition is made of: methods by their local names. */
export type MethodDefinitions = { readonly [localName: string]: MethodDefinition };

/** The methods of one service by their local names: a grpc-js `ServiceDefinition`. */
export type ServiceDefinition<Methods = MethodDefinitions> = Methods & {
  readonly [serviceDescriptor]: ServiceDescriptor;
};

/** A `DescService`, typed or not: protobuf-es emits its `method` more narrowly. */
export type ServiceDescriptor = Omit<DescService, "method">;

/** Makes a service definition from the descriptor of a service and its methods. */
export function defineService<Methods extends MethodDefinitions>(
  descriptor: ServiceDescriptor,
  methods: Methods,
): ServiceDefinition<Methods> {
  return { ...methods, [serviceDescriptor]: descriptor };
}
