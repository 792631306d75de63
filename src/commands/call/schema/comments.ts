import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import { printable } from "../../../terminal/printable.ts";

/** What can have a comment. */
export type Commented =
  | DescService
  | DescMethod
  | DescMessage
  | DescEnum
  | DescField
  | DescOneof
  | DescEnumValue;

/** Comments by the path of their declaration in the file (`SourceCodeInfo.Location`). */
type Comments = ReadonlyMap<string, string>;

/** One index per file: scanning all locations for each comment takes quadratic time. */
const indexes = new WeakMap<DescFile, Comments>();

/** Lines of the comment of a declaration, without `//`; none without one. Servers seldom send comments. */
export function commentLines(symbol: Commented): string[] {
  const { file, path } = placeOf(symbol);
  let index = indexes.get(file);
  if (index === undefined) {
    index = indexOf(file);
    indexes.set(file, index);
  }
  const text = index.get(path.join());
  return text === undefined ? [] : text.replace(/\n$/, "").split("\n").map(printable);
}

function indexOf({ proto }: DescFile): Comments {
  const comments = new Map<string, string>();
  for (const { path, leadingComments, trailingComments } of proto.sourceCodeInfo?.location ?? []) {
    const text = leadingComments + trailingComments;
    if (text.trim() !== "") comments.set(path.join(), text);
  }
  return comments;
}

interface Place {
  readonly file: DescFile;
  readonly path: readonly number[];
}

/** The path of a declaration: numbers of fields of FileDescriptorProto and below, each with an index. */
function placeOf(symbol: Commented): Place {
  switch (symbol.kind) {
    case "service":
      return { file: symbol.file, path: [6, symbol.file.proto.service.indexOf(symbol.proto)] };
    case "rpc":
      return below(symbol.parent, 2, symbol.parent.proto.method.indexOf(symbol.proto));
    case "message":
      return symbol.parent === undefined
        ? { file: symbol.file, path: [4, symbol.file.proto.messageType.indexOf(symbol.proto)] }
        : below(symbol.parent, 3, symbol.parent.proto.nestedType.indexOf(symbol.proto));
    case "enum":
      return symbol.parent === undefined
        ? { file: symbol.file, path: [5, symbol.file.proto.enumType.indexOf(symbol.proto)] }
        : below(symbol.parent, 4, symbol.parent.proto.enumType.indexOf(symbol.proto));
    case "enum_value":
      return below(symbol.parent, 2, symbol.parent.proto.value.indexOf(symbol.proto));
    case "field":
      return below(symbol.parent, 2, symbol.parent.proto.field.indexOf(symbol.proto));
    case "oneof":
      return below(symbol.parent, 8, symbol.parent.proto.oneofDecl.indexOf(symbol.proto));
  }
}

function below(parent: Commented, field: number, index: number): Place {
  const { file, path } = placeOf(parent);
  return { file, path: [...path, field, index] };
}
