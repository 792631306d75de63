import { type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { ServiceDescriptor } from "../method.ts";
import { DeclarationIndex } from "./declaration-index.ts";

/**
 * Size limit of a file with its imports in one response: gRPC peers refuse messages of more than 4
 * MiB. Clients request files that were left out by name.
 */
const maxAnswerBytes = 3 * 1024 * 1024;

/**
 * The proto files of a server, byte for byte as the compiler passed them to protoc-gen-es, which
 * removes comments. The exception is google/protobuf/descriptor.proto, of which protobuf-es has
 * only messages and enums.
 */
export class DescriptorCatalog {
  /** Full names of the services, sorted. */
  readonly services: readonly string[];
  readonly declarations: DeclarationIndex = new DeclarationIndex();
  readonly #filesByName = new Map<string, DescFile>();
  readonly #encoded = new Map<DescFile, Uint8Array>();

  /** @param files further files, which no file of the services imports directly or indirectly */
  constructor(services: readonly ServiceDescriptor[], files: readonly DescFile[]) {
    this.services = [...new Set(services.map(({ typeName }) => typeName))].sort();
    for (const file of this.#withImports(...services.map(({ file }) => file), ...files)) {
      if (!this.#filesByName.has(file.proto.name)) this.#filesByName.set(file.proto.name, file);
      this.declarations.add(file);
    }
  }

  /** @param name path as in import statements, such as `google/protobuf/any.proto` */
  fileNamed(name: string): DescFile | undefined {
    return this.#filesByName.get(name);
  }

  /**
   * A file and its direct and indirect imports, as encoded `FileDescriptorProto`s.
   *
   * @param sent names of files that the client has already; imports among them are left out. The
   * names of the returned files are added.
   */
  encodeWithImports(wanted: DescFile, sent: Set<string>): Uint8Array[] {
    const encoded: Uint8Array[] = [];
    let size = 0;
    for (const file of this.#withImports(wanted)) {
      if (file !== wanted && sent.has(file.proto.name)) continue;
      const bytes = this.#encode(file);
      size += bytes.length;
      if (file !== wanted && size > maxAnswerBytes) break;
      sent.add(file.proto.name);
      encoded.push(bytes);
    }
    return encoded;
  }

  /** The files with their imports, nearest first. */
  #withImports(...files: DescFile[]): Set<DescFile> {
    const found = new Set(files);
    // Iterating over a set includes the entries that are added meanwhile.
    for (const { dependencies, proto } of found) {
      for (const dependency of dependencies) found.add(dependency);
      // For an `import option`, protobuf-es has only the name.
      for (const name of proto.optionDependency) {
        const file = this.#filesByName.get(name);
        if (file !== undefined) found.add(file);
      }
    }
    return found;
  }

  #encode(file: DescFile): Uint8Array {
    let bytes = this.#encoded.get(file);
    if (bytes === undefined) {
      bytes = toBinary(FileDescriptorProtoSchema, file.proto);
      this.#encoded.set(file, bytes);
    }
    return bytes;
  }
}
