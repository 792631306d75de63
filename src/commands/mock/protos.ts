import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { parseGenConfig } from "../../scaffold/generation/gen-config.ts";
import { compileInputs, sourcePaths } from "../../scaffold/protos/compile.ts";
import { compileProject, type Waiting } from "../../scaffold/protos/compiler.ts";
import { protoFilesIn } from "../../scaffold/protos/sources/proto-folder.ts";
import { describeSystemError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { listAfterChanges } from "./watch.ts";

/** The protos to mock. */
export interface Protos {
  /** @throws UsageError with file and line when they do not compile */
  compile(): Promise<readonly FileDescriptorProto[]>;
  /** Absolute paths of the files that a compilation reads. */
  paths(): Promise<readonly string[]>;
}

/** Thousands of protos take minutes on a busy machine. */
const patience = { noteAfterMs: 5_000, limitMs: 600_000 };

/** Those of `--proto`; without it, those of the project. @throws UsageError outside of a project */
export function findProtos(
  proto: readonly string[],
  importPaths: readonly string[],
  { cwd, signal, note }: Pick<Host, "cwd" | "signal" | "note">,
): Protos {
  const waiting = { note, patience, needs: "types" } as const;
  if (proto.length > 0) return givenProtos({ proto, importPaths, cwd, signal, ...waiting });
  if (importPaths.length > 0) throw new UsageError("-I needs --proto");
  return projectProtos(projectRoot(cwd), signal, waiting);
}

function givenProtos(options: Parameters<typeof compileInputs>[0]): Protos {
  const { proto, cwd } = options;
  const inputs = proto.map((path) => resolve(cwd, path));
  return {
    compile: async () => (await compileInputs(options)).files,
    paths: listAfterChanges(() => sourcePaths(options), inputs),
  };
}

function projectProtos(root: string, signal: AbortSignal, waiting: Waiting): Protos {
  const configPath = join(root, "buf.gen.yaml");
  const folder = join(root, "proto");
  return {
    async compile() {
      const { input } = parseGenConfig(readText(configPath));
      const shown = (path: string) => join("proto", path);
      return (await compileProject(root, input, signal, { shown }, waiting)).files;
    },
    paths: async () => [
      configPath,
      join(folder, "descriptors.binpb"),
      ...(await protoFilesIn(folder)),
    ],
  };
}

function projectRoot(cwd: string): string {
  try {
    return findProject(cwd).root;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}; elsewhere, give --proto <path>`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${describeSystemError(error) ?? "unknown reason"}`);
  }
}
