import type { DescFile } from "@bufbuild/protobuf";
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/**
 * Finds the file that declares a symbol or an extension. If two files declare the same, the one
 * added first counts.
 *
 * It reads the descriptors of the compiler, since those of protobuf-es lack map entries and the
 * oneofs of optional fields.
 */
export class DeclarationIndex {
  readonly #symbols = new Map<string, DescFile>();
  /** By full name of the extended message, then by number. */
  readonly #extensions = new Map<string, Map<number, DescFile>>();

  add(file: DescFile): void {
    const { proto } = file;
    const scope = proto.package === "" ? "" : `${proto.package}.`;
    for (const message of proto.messageType) this.#addMessage(scope, message, file);
    for (const enumType of proto.enumType) this.#addEnum(scope, enumType, file);
    for (const extension of proto.extension) this.#addExtension(scope, extension, file);
    for (const service of proto.service) {
      this.#addSymbol(scope + service.name, file);
      for (const { name } of service.method) {
        this.#addSymbol(`${scope}${service.name}.${name}`, file);
      }
    }
  }

  /** @param symbol full name without a leading dot; anything but a package */
  fileOf(symbol: string): DescFile | undefined {
    return this.#symbols.get(symbol);
  }

  fileOfExtension(extendee: string, number: number): DescFile | undefined {
    return this.#extensions.get(extendee)?.get(number);
  }

  /** In ascending order; empty for a message without extensions. */
  extensionNumbers(extendee: string): number[] {
    return [...(this.#extensions.get(extendee)?.keys() ?? [])].sort((a, b) => a - b);
  }

  #addSymbol(name: string, file: DescFile): void {
    if (!this.#symbols.has(name)) this.#symbols.set(name, file);
  }

  #addMessage(scope: string, message: DescriptorProto, file: DescFile): void {
    this.#addSymbol(scope + message.name, file);
    const inner = `${scope}${message.name}.`;
    for (const { name } of message.field) this.#addSymbol(inner + name, file);
    for (const { name } of message.oneofDecl) this.#addSymbol(inner + name, file);
    for (const nested of message.nestedType) this.#addMessage(inner, nested, file);
    for (const enumType of message.enumType) this.#addEnum(inner, enumType, file);
    for (const extension of message.extension) this.#addExtension(inner, extension, file);
  }

  /** The values of an enum are its siblings: `pkg.RED`, not `pkg.Colour.RED`. */
  #addEnum(scope: string, enumType: EnumDescriptorProto, file: DescFile): void {
    this.#addSymbol(scope + enumType.name, file);
    for (const { name } of enumType.value) this.#addSymbol(scope + name, file);
  }

  #addExtension(scope: string, { name, extendee, number }: FieldDescriptorProto, file: DescFile) {
    this.#addSymbol(scope + name, file);
    // Compilers write type names with a leading dot.
    const message = extendee.slice(1);
    const numbers = this.#extensions.get(message) ?? new Map<number, DescFile>();
    if (!numbers.has(number)) numbers.set(number, file);
    this.#extensions.set(message, numbers);
  }
}
