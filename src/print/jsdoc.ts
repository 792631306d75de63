import { type Doc, hardLine, join } from "./doc.ts";

/**
 * A JSDoc block with the given text; nothing when there is no text. Lines are kept as they are,
 * however long. The text cannot end the comment.
 */
export function jsDoc(text: string): Doc {
  if (text.trim() === "") return "";
  const [first = "", ...others] = text.replaceAll("*/", "*\\/").split("\n");
  if (others.length === 0) return `/** ${first} */`;
  const body = [first, ...others].map((line) => (line === "" ? " *" : ` * ${line}`));
  return join(hardLine, ["/**", ...body, " */"]);
}
