import type * as grpc from "@grpc/grpc-js";
import type {
  DescMessage,
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { type Codec, reflectCodec } from "./codec.ts";

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
> extends MethodInfo,
    grpc.MethodDefinition<MessageShape<Input>, MessageShape<Output>> {
  readonly kind: Kind;
  readonly path: string;
  readonly request: Codec<Input>;
  readonly response: Codec<Output>;
}

/** Descriptor of a method with its types, as protobuf-es emits it. */
type TypedDescMethod<
  Kind extends MethodKind,
  Input extends DescMessage,
  Output extends DescMessage,
> = DescMethod & { methodKind: Kind; input: Input; output: Output };

/** Key under which a service definition carries its descriptor; grpc-js looks at string keys only. */
export const serviceDescriptor: unique symbol = Symbol("serviceDescriptor");

/** The methods of one service by their local names: a grpc-js `ServiceDefinition`. */
export type ServiceDefinition<Methods = Record<string, MethodDefinition>> = Methods & {
  readonly [serviceDescriptor]: DescService;
};
