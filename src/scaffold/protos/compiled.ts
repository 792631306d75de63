import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/**
 * What compiled protos are for: code is generated from them, they are shown with their comments, or only
 * served. Generating needs a second run of the compiler for most protos; comments are most of the bytes.
 */
export type Needs = "code" | "comments" | "types";

/** Compiled protos. */
export interface Descriptors {
  /** Every file, imports before importers, with all options. */
  readonly sourceFiles: readonly FileDescriptorProto[];
  /** The same files as plugins get them: without options of source retention. */
  readonly files: readonly FileDescriptorProto[];
}

/** Compiled protos with their sources, as `buf generate` will compile them in the project. */
export interface Compiled extends Descriptors {
  /** Files of the project's proto/ folder: path in it -> bytes. */
  readonly protoFiles: ReadonlyMap<string, Uint8Array>;
  /** Output of protoc-gen-es, if it was generated in advance: path in src/gen -> text. */
  readonly messages?: ReadonlyMap<string, string>;
}
