import type { DescEnum, DescFile, DescMessage, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { safeIdentifier } from "@bufbuild/protoplugin";
import { once } from "./once.ts";

/** Names in the code that protoc-gen-es generates for one proto file. */
interface NameTable {
  /** TypeScript types of messages. */
  readonly shapes: ReadonlyMap<DescMessage, string>;
  /** Descriptors: schemas of messages and enums, and services. */
  readonly descriptors: ReadonlyMap<Described, string>;
}

type Described = DescMessage | DescEnum | DescService;

/**
 * The names that `GeneratedFile.importShape` and `importSchema` return (a test compares them), computed
 * once per file. protoplugin computes them once per import, which takes quadratic time.
 */
const nameTable = once(buildTable, new WeakMap<DescFile, NameTable>());

export function shapeName(message: DescMessage): string {
  return found(nameTable(message.file).shapes.get(message), message);
}

export function descriptorName(desc: Described): string {
  return found(nameTable(desc.file).descriptors.get(desc), desc);
}

function found(name: string | undefined, desc: Described): string {
  if (name === undefined) {
    throw new Error(`no name for ${desc}`);
  }
  return name;
}

function buildTable(file: DescFile): NameTable {
  const taken = new Set<string>();
  const claim = (wanted: string) => {
    let name = safeIdentifier(wanted);
    for (let i = 1; taken.has(name); i++) {
      name = safeIdentifier(`${wanted}$${i === 1 ? "" : i - 1}`);
    }
    taken.add(name);
    return name;
  };
  const shapes = new Map<DescMessage, string>();
  const descriptors = new Map<Described, string>();
  const types = [...nestedTypes(file)];
  // Shapes claim their names first, then descriptors, the file's own before all others.
  for (const type of types) {
    if (type.kind === "message") {
      shapes.set(type, claim(flatName(type)));
    } else if (type.kind === "enum") {
      claim(flatName(type));
    }
  }
  claim(`file_${file.name.replace(/[^a-zA-Z0-9_]+/g, "_")}`);
  for (const type of types) {
    switch (type.kind) {
      case "message":
        descriptors.set(type, claim(`${flatName(type)}Schema`));
        break;
      case "service":
        descriptors.set(type, claim(flatName(type)));
        break;
      case "enum":
        descriptors.set(type, claim(`${flatName(type)}Schema`));
        break;
      case "extension":
        claim(flatName(type));
        break;
    }
  }
  return { shapes, descriptors };
}

/** Name without package, nesting shown by underscores: `Outer_Inner`. */
function flatName(type: { readonly typeName: string; readonly file: DescFile }): string {
  const { package: packageName } = type.file.proto;
  const start = packageName === "" ? 0 : packageName.length + 1;
  return type.typeName.slice(start).replaceAll(".", "_");
}
