import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

/** What the code of one message names: imports and other functions. */
export interface CodecSource {
  /** A function or constant of `grpc-service/codec`. */
  helper(name: string): string;
  /** A type of `grpc-service/codec`. */
  helperType(name: string): string;
  /** `create` of protobuf-es. */
  create(): string;
  /** A generated function of a message. */
  part(part: CodecPart, message: DescMessage): string;
  /** Type of a message. */
  shape(message: DescMessage): string;
  /** Code that is part of a type; nothing in JavaScript. */
  type(code: string): string;
  /** Descriptor of a message or enum. */
  schema(desc: DescMessage | DescEnum): string;
}

/** The generated functions of a message. */
export type CodecPart = "write" | "read";
