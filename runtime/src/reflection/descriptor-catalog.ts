import { type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { ServiceDescriptor } from "../method.ts";
import { DeclarationIndex } from "./declaration-index.ts";

/**
 * How much of a file and its imports goes into one answer: gRPC peers refuse messages of more than
 * 4 MiB. What is left out, clients ask for by name.
 */
const maxAnswerBytes = 3 * 1024 * 1024;

/**
 * The proto files of a server, each as the compiler gave it to protoc-gen-es (which drops comments),
 * byte for byte. The one exception is google/protobuf/descriptor.proto, of which protobuf-es keeps
 * messages and enums only.
 */
export class DescriptorCatalog {
  /** Full names of the services, sorted. */
  readonly services: readonly string[];
  readonly declarations = new DeclarationIndex();
  readonly #filesByName = new Map<string, DescFile>();
  readonly #encoded = new Map<DescFile, Uint8Array>();

  /** @param files what no file of the services imports, directly or through others */
  constructor(services: readonly ServiceDescriptor[], files: readonly DescFile[]) {
    this.services = [...new Set(services.map(({ typeName }) => typeName))].sort();
    for (const file of this.#withImports(...services.map(({ file }) => file), ...files)) {
      if (!this.#filesByName.has(file.proto.name)) this.#filesByName.set(file.proto.name, file);
      this.declarations.add(file);
    }
  }

  /** @param name path as import statements have it, such as `google/protobuf/any.proto` */
  fileNamed(name: string): DescFile | undefined {
    return this.#filesByName.get(name);
  }

  /**
   * A file and what it imports, directly or through others, as encoded `FileDescriptorProto`s.
   *
   * @param sent names of files that the client has and does not need as imports; added to
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

  /** Nearest first. */
  #withImports(...files: DescFile[]): Set<DescFile> {
    const found = new Set(files);
    // A set also goes through what is added meanwhile.
    for (const { dependencies, proto } of found) {
      for (const dependency of dependencies) found.add(dependency);
      // Of an `import option`, protobuf-es has nothing but the name.
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
