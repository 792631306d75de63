import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lineEnding } from "../../line-endings.ts";
import { filesBelow } from "../../scaffold/disk/plan.ts";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { closingBracket, maskText } from "./proto-text.ts";

/** A .proto file of a project, read far enough to add to it. */
export interface ProtoFile {
  /** Path in proto/. */
  readonly path: string;
  readonly text: string;
  readonly package: string;
  readonly services: readonly ServiceBlock[];
  /** Names of messages and enums, nested ones too. */
  readonly types: ReadonlySet<string>;
}

/** Where a service is in its file. */
export interface ServiceBlock {
  readonly name: string;
  readonly methods: ReadonlySet<string>;
  /** Index of its closing bracket. */
  readonly close: number;
}

/** Reads the .proto files of a project. @throws UsageError for one in another encoding than UTF-8 */
export async function readProtoFiles(root: string): Promise<ProtoFile[]> {
  const folder = join(root, "proto");
  const paths = (await filesBelow(folder)).filter((path) => path.endsWith(".proto"));
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(join(folder, path));
      if (isUtf8(content)) return parseProtoFile(path, content.toString("utf8"));
      throw new UsageError(`proto/${printable(path)} is not UTF-8; save it as UTF-8`);
    }),
  );
}

export function parseProtoFile(path: string, text: string): ProtoFile {
  const code = maskText(text);
  const services = [...code.matchAll(/\bservice\s+(\w+)\s*\{/g)].flatMap((match) => {
    const open = match.index + match[0].length - 1;
    const close = closingBracket(code, open);
    if (close < 0) return [];
    const methods = [...code.slice(open, close).matchAll(/\brpc\s+(\w+)\s*\(/g)];
    return [
      { name: match[1] ?? "", close, methods: new Set(methods.map(([, name = ""]) => name)) },
    ];
  });
  const types = [...code.matchAll(/\b(?:message|enum)\s+(\w+)\s*\{/g)];
  return {
    path,
    text,
    package: /\bpackage\s+([\w.]+)\s*;/.exec(code)?.[1] ?? "",
    services,
    types: new Set(types.map(([, name = ""]) => name)),
  };
}

/** The text with lines at the end of a block, such as RPCs of a service. */
export function withLinesInBlock(text: string, close: number, lines: readonly string[]): string {
  const eol = lineEnding(text);
  const lineStart = text.lastIndexOf("\n", close) + 1;
  const indent = text.slice(lineStart, close);
  const isAlone = /^[ \t]*$/.test(indent);
  const outer = isAlone ? indent : (/^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "");
  const added = lines.map((line) => `${outer}  ${line}${eol}`).join("");
  if (isAlone) return text.slice(0, lineStart) + added + text.slice(lineStart);
  return `${text.slice(0, close).trimEnd()}${eol}${added}${outer}${text.slice(close)}`;
}

/** The text with declarations at its end, each after an empty line. */
export function withDeclarations(text: string, declarations: readonly string[]): string {
  const eol = lineEnding(text);
  const added = declarations.map((declaration) => eol + declaration.replaceAll("\n", eol) + eol);
  return text.trimEnd() + eol + added.join("");
}
