import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { filesBelow, readIfPresent } from "../../scaffold/disk/plan.ts";
import type { Target } from "../../scaffold/disk/target.ts";
import { writeChanges } from "../../scaffold/disk/write.ts";
import { contentHash, printRecord, recordFile } from "../../scaffold/new/record.ts";
import { namingRecord, type RecordedSource, sourceOf } from "../../scaffold/new/recorded-source.ts";
import { isFetched } from "../../scaffold/protos/inputs.ts";
import type { AddedProtos } from "../../scaffold/update/project-protos.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { readRecord } from "../project/read-record.ts";

/** The protos that a sync adds. */
export type GivenProtos = Omit<AddedProtos, "force">;

/** Input of {@link fromSource}. */
export interface SourceSync {
  readonly target: Target;
  /** Whether the source may replace what was changed in proto/. */
  readonly force: boolean;
  readonly host: Host;
}

/**
 * Runs `work` with the protos from where the project was made from, and remembers those that it has written:
 * the next run may replace them, and no others.
 *
 * @throws UsageError when the record has no source, and for protos that were changed here
 */
export async function fromSource(
  { target, force, host }: SourceSync,
  work: (given: GivenProtos) => Promise<number>,
): Promise<number> {
  const record = await readRecord(target.path);
  const source = sourceOf(record);
  if (source === undefined) {
    throw new UsageError(`${recordFile} has no source of the protos; name it with --proto`);
  }
  const mayReplace = (path: string, present: Uint8Array | undefined) =>
    force || (present !== undefined && record.files.get(`proto/${path}`) === contentHash(present));
  const copied = new Set(
    [...record.files.keys()].flatMap((path) => /^proto\/(.+)$/.exec(path)?.[1] ?? []),
  );
  const before = await protoHashes(target.path);
  const code = await withProtos(source, target.path, host, (given) =>
    work({ ...given, mayReplace, copied }),
  ).catch((error: unknown) => {
    throw namingRecord(error);
  });
  const after = await protoHashes(target.path);
  const written = [...after].filter(([path, hash]) => before.get(path) !== hash);
  const removed = [...before.keys()].filter((path) => !after.has(path));
  if (written.length + removed.length === 0) return code;
  const files = new Map([...record.files, ...written]);
  for (const path of removed) files.delete(path);
  const update = new Map([[recordFile, printRecord({ ...record, files })]]);
  await writeChanges(target, { create: new Map(), update, remove: [] }, host.signal);
  return code;
}

async function protoHashes(project: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const name of await filesBelow(join(project, "proto"))) {
    const content = await readIfPresent(join(project, "proto", name));
    if (content !== undefined) hashes.set(`proto/${name}`, contentHash(content));
  }
  return hashes;
}

async function withProtos(
  { proto, importPaths, server }: RecordedSource,
  project: string,
  host: Host,
  work: (given: GivenProtos) => Promise<number>,
): Promise<number> {
  // Relative to where the command runs, as if they had been typed.
  const here = (path: string) =>
    isFetched(path) ? path : relative(host.cwd, resolve(project, path)) || ".";
  if (server === undefined) {
    return work({ proto: proto.map(here), importPaths: importPaths.map(here) });
  }
  host.note(`Reading the services of ${printable(server)} ...\n`);
  const { compileServer } = await import("../../scaffold/protos/from-server.ts");
  const { protoFiles } = await compileServer(server, host);
  const folder = await mkdtemp(join(tmpdir(), "sync-"));
  try {
    const paths: string[] = [];
    for (const [name, content] of protoFiles) {
      paths.push(join(folder, name));
      await writeFile(join(folder, name), content);
    }
    return await work({ proto: paths, importPaths: [] });
  } finally {
    await rm(folder, { recursive: true });
  }
}
