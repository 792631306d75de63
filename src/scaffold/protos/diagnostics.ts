import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { type MissingImport, missingImportsError } from "./missing-imports.ts";

/** Where the compiled files come from. */
export interface Origin {
  /** Turns a path below proto/ into the one the user knows. */
  shown(path: string): string;
  /** The folder whose buf.yaml has dependencies, as people write it, if there is one. */
  dependent?(): Promise<string | undefined>;
}

/** One complaint of the compiler. Lines and columns count from 1. */
interface Diagnostic {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly message: string;
}

/**
 * The compiler's complaints as one error: `file:line:col: message` of the cause, and how many
 * more there are. A missing import makes every type of that file unknown: where imports are
 * missing, these are the cause.
 *
 * @param folder where the compiler ran: there are the files it complains about
 */
export async function compileError(
  output: string,
  folder: string,
  origin: Origin,
): Promise<UsageError> {
  const diagnostics = output.split("\n").flatMap((line) => parseDiagnostic(line));
  const missing = diagnostics.filter(({ message }) =>
    message.includes("imported file does not exist"),
  );
  if (missing.length > 0) {
    const imports = await Promise.all(missing.map((place) => missingImport(place, folder, origin)));
    return missingImportsError(imports, await origin.dependent?.());
  }
  const [cause, ...others] = diagnostics;
  if (cause === undefined) {
    const text = output.trim().replace(/^Failure: /, "");
    return new UsageError(text === "" ? "the proto compiler failed and did not say why" : text);
  }
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new UsageError(`${placeOf(cause, origin)}: ${cause.message}${more}`);
}

/** The compiler tells only where the statement is: what it imports stands in the file. */
async function missingImport(
  diagnostic: Diagnostic,
  folder: string,
  origin: Origin,
): Promise<MissingImport> {
  const { path, line, column, endLine } = diagnostic;
  const text = await readFile(join(folder, path), "utf8").catch(() => "");
  const lines = text.split("\n").slice(line - 1, endLine);
  // Columns count bytes.
  const statement = Buffer.from(lines.join("\n")).toString("utf8", column - 1);
  const file = /(["'])(.*?)\1/s.exec(statement);
  return { path: file?.[2] ?? "an imported file", place: placeOf(diagnostic, origin) };
}

function placeOf({ path, line, column }: Diagnostic, { shown }: Origin): string {
  const inProto = path.replaceAll("\\", "/").replace(/^proto\//, "");
  return `${shown(inProto)}:${line}:${column}`;
}

/** One line of `--error-format json`, or nothing when it is something else. */
function parseDiagnostic(text: string): Diagnostic[] {
  if (!text.startsWith("{")) return [];
  try {
    const { path, start_line, start_column, end_line, message } = JSON.parse(text);
    if (typeof message !== "string") return [];
    const [line, column] = [Number(start_line), Number(start_column)];
    return [{ path: String(path), line, column, endLine: Number(end_line), message }];
  } catch {
    return [];
  }
}
