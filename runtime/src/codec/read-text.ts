import { decodeText } from "./native-text.ts";
import { leave } from "./slow-path.ts";

/** Up to this length, a loop is faster than a call into native code. */
const longestLoop = 16;

/** Per length, a list for the codes of a short text: it is used again and again. */
const lists = Array.from({ length: longestLoop + 1 }, (_, length) => {
  return Array.from({ length }, () => 0);
});

const replacement = "\ufffd";
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text in UTF-8; what is not UTF-8 is left to protobuf-es. */
export function readText(buffer: Buffer, start: number, end: number): string {
  const codes = lists[end - start];
  if (codes === undefined) return decoded(buffer, start, end);
  for (let i = start; i < end; i++) {
    const code = buffer[i] as number;
    if (code > 0x7f) return decoded(buffer, start, end);
    codes[i - start] = code;
  }
  return String.fromCharCode.apply(String, codes);
}

function decoded(buffer: Buffer, start: number, end: number): string {
  const text = decodeText(buffer, start, end);
  // It stands for bytes that are not UTF-8, or for itself.
  return text.includes(replacement) ? checked(buffer, start, end) : text;
}

function checked(buffer: Buffer, start: number, end: number): string {
  try {
    return strict.decode(buffer.subarray(start, end));
  } catch {
    return leave();
  }
}

/** The same, with U+FFFD for what is not UTF-8. */
export function readLenientText(buffer: Buffer, start: number, end: number): string {
  const text = decodeText(buffer, start, end);
  return text.includes(replacement) ? lenient.decode(buffer.subarray(start, end)) : text;
}
