import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { type MissingImport, missingImportsError } from "./missing-imports.ts";

/** Where the compiled files come from. */
export interface Origin {
  /** Converts a path below proto/ to the path that the user knows. */
  shown(path: string): string;
  /** The folder whose buf.yaml has dependencies, for messages. Undefined without dependencies. */
  dependent?(): Promise<string | undefined>;
  /** Folders with different files of an import path, none of which was chosen. */
  folders?(path: string): readonly string[];
  /** Paths of the other files that declare a name of a file. */
  declaring?(name: string, path: string): readonly string[];
}

/** One error of the compiler. Lines and columns count from 1. */
interface Diagnostic {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly message: string;
}

/**
 * Converts the errors of the compiler to one: `file:line:col: message` of the first, and the number of
 * others. Missing imports are reported alone, because they make every type of the imported files unknown.
 *
 * @param folder where the compiler ran; its paths are relative to it
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
    return missingImportsError(imports, {
      dependent: await origin.dependent?.(),
      folders: (path) => origin.folders?.(path) ?? [],
    });
  }
  const [cause, ...others] = diagnostics;
  if (cause === undefined) {
    const text = output.trim().replace(/^Failure: /, "");
    return new UsageError(text === "" ? "the proto compiler failed and did not say why" : text);
  }
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const hint = duplicateHint(cause, origin);
  return new UsageError(`${placeOf(cause, origin)}: ${cause.message}${more}${hint}`);
}

/** Reads the imported path from the file: the compiler reports only the place of the statement. */
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

/** The compiler names only one of the places. */
function duplicateHint({ path, message }: Diagnostic, { declaring, shown }: Origin): string {
  const name = /^`(?:[\w.]*\.)?(\w+)` declared multiple times/.exec(message)?.[1];
  const [other] = (name && declaring?.(name, pathInProto(path))) || [];
  if (other === undefined) return "";
  return `, also in ${shown(other)}; give --proto only one of them or its folder`;
}

function placeOf({ path, line, column }: Diagnostic, { shown }: Origin): string {
  return `${shown(pathInProto(path))}:${line}:${column}`;
}

function pathInProto(path: string): string {
  return path.replaceAll("\\", "/").replace(/^proto\//, "");
}

/** Parses one line of `--error-format json`. Empty for any other line. */
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
