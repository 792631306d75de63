import { StepError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { runTask } from "../tasks/run-task.ts";

/** What the user typed after `token`. */
export interface TokenInput {
  readonly flags: { readonly scope?: readonly string[] | undefined };
  /** Subject of the token. */
  readonly argument: string | undefined;
}

/** Prints a token that is signed with the project's settings. */
export async function token(
  { flags: { scope = [] }, argument: subject = "developer" }: TokenInput,
  host: Host,
): Promise<number> {
  const project = findProject(host.cwd);
  if (subject.trim() === "") throw new UsageError("the subject must not be empty");
  const { report, failure } = await runTask("token", [subject, ...scope], project, host);
  if (report.token === undefined) throw new StepError(failure ?? "no token was signed");
  host.print(`${report.token}\n`);
  return 0;
}
