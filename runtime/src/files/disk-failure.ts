import { GrpcError } from "../error.ts";

/** Errors of a disk that callers should know of. */
const texts: Readonly<Record<string, string>> = {
  ENOSPC: "the disk of the server is full",
  EDQUOT: "the disk of the server is full",
  // A limit of the process or of the file system.
  EFBIG: "the disk of the server takes no larger file",
  EMFILE: "the server has too many files open",
  ENFILE: "the server has too many files open",
};

/** The failure of a call for an error of the disk: RESOURCE_EXHAUSTED when it is full, else the error. */
export function diskFailure(error: unknown): unknown {
  const text = texts[codeOf(error) ?? ""];
  return text === undefined ? error : new GrpcError("RESOURCE_EXHAUSTED", text, { cause: error });
}

/** `ENOENT` and the like. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Undefined for a path that is not there. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
