import { isAbsolute, relative, resolve, sep } from "node:path";
import { property, texts } from "../../json.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Source } from "../cli/ask-source.ts";
import { isFetched } from "../protos/inputs.ts";
import { type ProjectRecord, recordFile } from "./record.ts";

/** Where the protos of a project came from, as its record has it. */
export interface RecordedSource {
  /** Paths relative to the project, git repositories and modules of buf.build. */
  readonly proto: readonly string[];
  readonly importPaths: readonly string[];
  /** Address of a running server. */
  readonly server?: string;
}

/** Undefined for a starter, whose protos belong to its project. */
export function recordedSource(
  { proto, importPaths, server, starter }: Source,
  project: string,
  cwd: string,
): RecordedSource | undefined {
  if (starter !== "") return undefined;
  const shared = (path: string) =>
    relative(project, resolve(cwd, path)).split(sep).join("/") || ".";
  return {
    proto: proto.map((value) => (isFetched(value) ? withoutCredentials(value) : shared(value))),
    importPaths: importPaths.map(shared),
    ...(server !== undefined && { server: withoutCredentials(server) }),
  };
}

/** Paths of a source that lie outside of a repository: colleagues do not have them. */
export function pathsOutside(
  { proto, importPaths }: RecordedSource,
  project: string,
  repository: string,
): string[] {
  return [...proto, ...importPaths].filter((path) => {
    if (isFetched(path)) return false;
    const place = relative(repository, resolve(project, path));
    return isAbsolute(place) || place === ".." || place.startsWith(`..${sep}`);
  });
}

/** An error about the source in a record names the record, and no flag: the user has typed none. */
export function namingRecord(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error;
  const [, rest] = /^(?:--proto|-I|--from-server) (.*)$/s.exec(error.message) ?? [];
  if (rest === undefined) return error;
  return new UsageError(
    `${recordFile} "source": ${rest}; correct it there, or name the protos with --proto`,
    error.details,
  );
}

/** A record is committed: a token in a URL must not be. */
function withoutCredentials(url: string): string {
  return url.replace(/(:\/\/)[^/@]*@/, "$1");
}

/** The source in a record, if it has one that can be read. */
export function sourceOf({ more }: Pick<ProjectRecord, "more">): RecordedSource | undefined {
  const source = property(more, "source");
  const proto = texts(property(source, "proto"));
  const importPaths = texts(property(source, "importPaths"));
  const server = property(source, "server");
  if (typeof server === "string") return { proto, importPaths, server };
  return proto.length === 0 ? undefined : { proto, importPaths };
}
