import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Refuses comments at the head of a proto in which a line ends where only JavaScript sees an end.
 * protoc-gen-es prints these comments behind `//` as they are: what follows such an end is code,
 * which runs as soon as the module is imported. Our own plugin prints them as text.
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

/** The CR of a CR LF is none; the last line of a comment may have lost its LF. */
const hiddenLineEnd = /\r(?!\n|$)|[\u2028\u2029]/;
