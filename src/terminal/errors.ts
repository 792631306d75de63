/**
 * Something the user can fix: printed as one line or a short list, without a stack trace; exit code 2.
 * An error of any class that is not defined here is a bug of ours.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** Lines to print below the message: the alternatives, or how to fix it. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}

/** A step failed, such as the install after the project was written: one line, exit code 1. */
export class StepError extends Error {
  override readonly name = "StepError";
}

/** The user pressed Ctrl-C or left a prompt: one line, exit code 130. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  /** @param rest what else to print, for example what is left to do */
  constructor(rest?: string) {
    super(rest === undefined ? "interrupted" : `interrupted; ${rest}`);
  }
}

/** Exit code when standard output cannot be written: EX_IOERR of sysexits.h. No status has this number. */
export const outputFailed = 74;

/** Code of a Node.js system error such as `ENOENT`, if it is one. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return undefined;
}

/** What a system error means to the person who sees it. */
export function describeSystemError(error: unknown): string | undefined {
  const code = errorCode(error);
  return code === undefined ? undefined : systemErrors[code];
}

/**
 * Whether the machine refuses and only the user can fix it: a full disk, missing rights, a file where a
 * folder is needed. ENOENT is not one: it may be a file of ours that is missing.
 */
export function isEnvironmentError(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && code !== "ENOENT" && Object.hasOwn(systemErrors, code);
}

const systemErrors: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "another program uses it",
  EDQUOT: "disk quota exceeded",
  EEXIST: "it already exists",
  EIO: "the disk cannot be read or written",
  EISDIR: "it is a folder",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "too many open files",
  ENOENT: "no such file or folder",
  ENOSPC: "no space left on the disk",
  ENOTDIR: "part of the path is not a folder",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
};
