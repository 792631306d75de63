import { UsageError } from "../errors.ts";

/** One complaint of the compiler. */
interface Diagnostic {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * The compiler's complaints as one error: `file:line:col: message` of the cause, and how many
 * more there are. One missing import makes every type of that file unknown, so that is the cause
 * when it is among them.
 *
 * @param shownPath turns the compiler's path into the one the user knows
 */
export function compileError(output: string, shownPath: (path: string) => string): UsageError {
  const diagnostics = output.split("\n").flatMap((line) => parseDiagnostic(line));
  const missing = diagnostics.find(({ message }) =>
    message.includes("imported file does not exist"),
  );
  const cause = missing ?? diagnostics[0];
  if (cause === undefined) {
    const text = output.trim().replace(/^Failure: /, "");
    return new UsageError(text === "" ? "the proto compiler failed without a word" : text);
  }
  const place = `${shownPath(cause.path)}:${cause.line}:${cause.column}`;
  if (missing !== undefined) {
    return new UsageError(`${place}: ${cause.message}; tell where to look for it with -I <dir>`);
  }
  const others = diagnostics.length - 1;
  const more = others === 0 ? "" : ` (and ${others} more)`;
  return new UsageError(`${place}: ${cause.message}${more}`);
}

/** One line of `--error-format json`, or nothing when it is something else. */
function parseDiagnostic(line: string): Diagnostic[] {
  if (!line.startsWith("{")) return [];
  try {
    const { path, start_line, start_column, message } = JSON.parse(line);
    if (typeof message !== "string") return [];
    return [
      { path: String(path), line: Number(start_line), column: Number(start_column), message },
    ];
  } catch {
    return [];
  }
}
