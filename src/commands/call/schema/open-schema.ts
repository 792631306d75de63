import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../../../reflection/schema.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import type { ServerFlags } from "../flags.ts";

/** Where the descriptors of a command come from. */
export interface SchemaSources {
  /** Those that were given, or of the project. Undefined if only the server can be asked. */
  readonly local: Schema | undefined;
  /** Whether the server is asked for what `local` does not have. */
  readonly reflection: boolean;
}

/**
 * Opens the schema that flags and project name: that of `--proto`, else that of the project, unless
 * `--reflect` is given.
 *
 * @param hasAddress whether the user named a server, which may be another one than the project's
 * @throws UsageError when protos do not compile
 */
export async function openSchema(
  flags: ServerFlags,
  project: Project | undefined,
  hasAddress: boolean,
  host: Host,
): Promise<SchemaSources> {
  const { proto = [], "import-path": importPaths = [], reflect = false } = flags;
  if (proto.length > 0) {
    const { givenSchema } = await import("./given-schema.ts");
    return { local: await givenSchema(proto, importPaths, host), reflection: reflect };
  }
  if (importPaths.length > 0) throw new UsageError("-I needs --proto");
  if (reflect || project === undefined || !existsSync(join(project.root, "proto"))) {
    return { local: undefined, reflection: true };
  }
  const { projectSchema } = await import("./project-schema.ts");
  return { local: await projectSchema(project, host), reflection: hasAddress };
}
