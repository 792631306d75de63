import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseTypedYaml } from "../../../scaffold/yaml.ts";
import { describeSystemError, errorCode, UsageError } from "../../../terminal/errors.ts";
import { withoutBom } from "../../../terminal/without-bom.ts";
import { problemLine } from "../../message-json/problem.ts";
import { parseStubFile, type StubSchema } from "./parse-stub-file.ts";
import type { MethodStubs } from "./stub.ts";

/** More are not read: they are not stubs then. */
const maxFiles = 10_000;
const maxBytes = 32 * 1024 * 1024;

/** The stubs of a folder, as it is now. */
export interface StubFolder {
  /** Of each file without mistakes: path -> stubs, in the order of paths. */
  readonly files: ReadonlyMap<string, MethodStubs>;
  /** One line per mistake, with its file. */
  readonly problems: readonly string[];
  /** Files with mistakes. */
  readonly broken: ReadonlySet<string>;
}

/**
 * Reads every .yaml, .yml and .json file below a folder, which need not exist.
 *
 * @param shown the folder, for messages
 */
export async function readStubFolder(
  folder: string,
  shown: string,
  schema: StubSchema,
): Promise<StubFolder> {
  const files = new Map<string, MethodStubs>();
  const broken = new Set<string>();
  const problems: string[] = [];
  for (const path of await stubFilesIn(folder)) {
    const file = join(shown, path);
    try {
      const parsed = parseStubFile(await contentOf(join(folder, path), file), schema);
      if (parsed.stubs !== undefined) files.set(path, parsed.stubs);
      problems.push(...parsed.problems.map((problem) => problemLine(file, problem)));
      if (parsed.stubs === undefined) broken.add(path);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      broken.add(path);
      problems.push(error.message);
    }
  }
  return { files, problems, broken };
}

/** Paths of the stub files below a folder, sorted; none if it does not exist. */
export async function stubFilesIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => /\.(?:ya?ml|json)$/i.test(name)).sort();
    if (files.length > maxFiles) throw new UsageError(`${folder} has more than ${maxFiles} files`);
    return files;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw readFailure(folder, error);
  }
}

async function contentOf(path: string, shown: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      throw new UsageError(`${shown} is larger than ${maxBytes / 1024 ** 2} MiB`);
    const text = await readFile(path, "utf8");
    return /\.json$/i.test(path) ? parseJson(text, shown) : parseTypedYaml(withoutBom(text), shown);
  } catch (error) {
    throw readFailure(shown, error);
  }
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(withoutBom(text));
  } catch (error) {
    throw new UsageError(`${shown}: ${error instanceof Error ? error.message : error}`);
  }
}

function readFailure(shown: string, error: unknown): unknown {
  const reason = describeSystemError(error);
  return reason === undefined ? error : new UsageError(`cannot read ${shown}: ${reason}`);
}
