import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { jsonProblem } from "../../json-problem.ts";
import { errorCode, UsageError } from "../../terminal/errors.ts";
import { type Manifest, parseManifest } from "./manifest.ts";

/** A project made by create-grpc-service. */
export interface Project {
  /** Absolute path of the folder with its package.json. */
  readonly root: string;
  readonly manifest: Manifest;
}

/**
 * Finds the project that `cwd` belongs to: the nearest folder, upwards, with a package.json that depends
 * on create-grpc-service.
 *
 * @throws UsageError when there is no such folder, or a package.json on the way cannot be read
 */
export function findProject(cwd: string): Project {
  const project = projectAround(cwd);
  if (project !== undefined) return project;
  throw new UsageError(
    "no project here: neither this folder nor one above it has a package.json that depends on create-grpc-service",
  );
}

/** The same, for commands that also run elsewhere. @throws UsageError when a package.json cannot be read */
export function projectAround(cwd: string): Project | undefined {
  for (let root = cwd; ; root = dirname(root)) {
    const manifest = readManifest(join(root, "package.json"));
    if (manifest?.dependencies.has("create-grpc-service")) return { root, manifest };
    if (root === dirname(root)) return undefined;
  }
}

function readManifest(path: string): Manifest | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new UsageError(`cannot read ${path}: ${errorCode(error)}`);
  }
  const manifest = parseManifest(text);
  if (manifest === undefined) throw new UsageError(jsonProblem(text, path));
  return manifest;
}
