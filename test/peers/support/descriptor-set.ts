import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The files and all they import as a binary `FileDescriptorSet`, imported ones first. */
export function descriptorSet(files: readonly DescFile[]): Uint8Array {
  const ordered = new Set<DescFile>();
  const add = (file: DescFile): void => {
    file.dependencies.forEach(add);
    ordered.add(file);
  };
  files.forEach(add);
  const set = create(FileDescriptorSetSchema, { file: [...ordered].map(({ proto }) => proto) });
  return toBinary(FileDescriptorSetSchema, set);
}
