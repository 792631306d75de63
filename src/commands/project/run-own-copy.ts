import { dirname, join } from "node:path";
import { packageVersion } from "../../package-root.ts";
import { runOwnCopy, versionGap } from "../../scaffold/new/own-copy.ts";
import type { Host } from "../../terminal/host.ts";
import { projectAround } from "./find-project.ts";

/**
 * Runs a command with the version that the project has installed, if it is another one: `npm run generate`
 * there uses that.
 *
 * @returns its exit code, or undefined if this version is the one to run
 */
export async function runInOwnCopy(
  args: readonly string[],
  host: Pick<Host, "cwd" | "note">,
): Promise<number | undefined> {
  const project = projectAround(host.cwd);
  if (project === undefined) return undefined;
  const { copy } = await versionGap(project.root, packageVersion());
  if (copy === undefined) return undefined;
  host.note(`Running grpc-service ${copy.version}, which this project has installed.\n`);
  const program = join(dirname(copy.program), "grpc-service.js");
  return runOwnCopy({ ...copy, program }, args, host.cwd);
}
