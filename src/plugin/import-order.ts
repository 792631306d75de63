import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { InputError } from "./input-error.ts";

/**
 * Sorts files so that each follows its imports. Compilers send them in this order, hand-made requests
 * may not.
 *
 * @throws InputError when an import is missing or imports are circular.
 */
export function inImportOrder(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Set<FileDescriptorProto>();
  for (const file of files) {
    addWithImports(file, byName, ordered);
  }
  return [...ordered];
}

/** Depth first, without recursion: chains of imports can be long. */
function addWithImports(
  start: FileDescriptorProto,
  byName: ReadonlyMap<string, FileDescriptorProto>,
  ordered: Set<FileDescriptorProto>,
): void {
  /** From `start` to the current file, each with its remaining imports. */
  const path = [{ file: start, imports: start.dependency.values() }];
  const onPath = new Set([start]);
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const { file, imports } = last;
    const { value: name, done } = imports.next();
    if (done) {
      path.pop();
      onPath.delete(file);
      ordered.add(file);
      continue;
    }
    const imported = byName.get(name);
    if (imported === undefined) {
      throw new InputError(`${file.name} imports ${name}, which is not in the request`);
    }
    if (onPath.has(imported)) {
      const names = [...onPath, imported].map((each) => each.name);
      throw new InputError(`imports in a circle: ${names.slice(names.indexOf(name)).join(" -> ")}`);
    }
    if (!ordered.has(imported)) {
      path.push({ file: imported, imports: imported.dependency.values() });
      onPath.add(imported);
    }
  }
}
