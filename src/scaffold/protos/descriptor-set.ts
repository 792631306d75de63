import { fromBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";

/**
 * Reads the output of the compiler.
 *
 * @param shown converts the name of a file to the path that the user knows
 * @throws UsageError for messages in messages that are too deep for protobuf-es, and so for the generators
 */
export function readDescriptorSet(
  content: Uint8Array,
  shown: (name: string) => string,
): readonly FileDescriptorProto[] {
  try {
    return fromBinary(FileDescriptorSetSchema, content).file;
  } catch (error) {
    const { file } = fromBinary(FileDescriptorSetSchema, content, { recursionLimit: 10_000 });
    const deep = file.find(({ messageType }) => depthOf(messageType) > maxDepth);
    if (deep === undefined) throw error;
    throw new UsageError(
      `${shown(deep.name)}: a message lies in more than ${maxDepth} others, which protobuf libraries refuse; nest it less deep`,
    );
  }
}

const maxDepth = 97;

function depthOf(messages: readonly DescriptorProto[]): number {
  let depth = -1;
  for (let level = messages; level.length > 0; depth++) {
    level = level.flatMap(({ nestedType }) => nestedType);
  }
  return depth;
}
