import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Refuses comments at the top of a proto with line breaks that only JavaScript knows. protoc-gen-es prints
 * these comments unchanged after `//`: the text after such a line break would be code, which runs when the
 * module is imported. Our plugin prints it as text.
 *
 * @throws UsageError
 */
export function checkHeadComments(files: readonly FileDescriptorProto[]): void {
  for (const { name, sourceCodeInfo } of files) {
    for (const location of sourceCodeInfo?.location ?? []) {
      // Of `syntax`, `edition` and `package`; all others are printed as blocks.
      if (location.path.length !== 1) continue;
      const { leadingComments, trailingComments, leadingDetachedComments } = location;
      const comments = [leadingComments, trailingComments, ...leadingDetachedComments];
      if (comments.some((comment) => hiddenLineEnd.test(comment))) {
        throw new UsageError(
          `${printable(name)}: a comment above the package has a line break that editors do not show (a lone CR, U+2028 or U+2029); remove it`,
        );
      }
    }
  }
}

/** The CR of a CR LF is harmless; the last line of a comment may end in CR alone. */
const hiddenLineEnd = /\r(?!\n|$)|[\u2028\u2029]/;
