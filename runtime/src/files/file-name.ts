import { requireValid } from "../error-details.ts";

/** Longest name in bytes of UTF-8: what common file systems hold. */
const maxNameBytes = 255;

/** A name with more bytes than this has too many in NFC as well, where three characters can become one. */
const maxGivenBytes = 4 * maxNameBytes;

/** Control characters, separators of lines, and what reverses the direction of text on a screen. */
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** What separates folders, and what looks like it: division slash, fraction slash, set minus and the like. */
const separator = /[/\\\u2044\u2215\u2216\u29f5\u29f8\u29f9]/u;

/** Names that Windows reserves, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * Checks the name of a file, and returns it in the form in which names are compared: NFC, so that an
 * accent is the same whether it was typed as one character or as two.
 *
 * The store itself never makes a path from a name. The rules are for whoever saves the file under its name
 * later: no folders, nothing invisible, no characters that compatibility forms turn into a separator or a
 * dot, nothing that Windows reserves or strips.
 *
 * @throws GrpcError INVALID_ARGUMENT that says what is wrong, for the field `name`
 */
export function checkFileName(name: string): string {
  const normal = normalName(name);
  requireValid({ name: problemOf(normal) ?? true });
  return normal;
}

/**
 * The form in which names are compared. One that is too long for a name stays as it is: thousands of accents
 * on one letter take seconds.
 */
export function normalName(name: string): string {
  return Buffer.byteLength(name) > maxGivenBytes ? name : name.normalize("NFC");
}

function problemOf(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (Buffer.byteLength(name) > maxNameBytes) return `must have at most ${maxNameBytes} bytes`;
  if (invisible.test(name)) return "must not have control characters";
  const plain = name.normalize("NFKC");
  if (separator.test(name) || separator.test(plain)) return "must not have / or \\, or their like";
  if (/^\.+$/.test(plain)) return "must not consist of dots";
  if (/^\s|[\s.]$/u.test(plain)) return "must not start or end with a space, or end with a dot";
  if (/[<>:"|?*]/.test(plain)) return 'must not have any of < > : " | ? *';
  if (reserved.test(plain)) return "is reserved by an operating system";
  return undefined;
}
