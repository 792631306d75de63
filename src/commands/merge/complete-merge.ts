import { checkPaths } from "../../scaffold/disk/plan.ts";
import type { PackageManagerName } from "../../scaffold/templates/package-managers.ts";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import type { StepName } from "../step-flags.ts";
import { generateCode } from "./generate.ts";
import { applyStage, finishStage, type Stage, stageName } from "./stage.ts";
import { runStep, stepCommand } from "./steps.ts";

/** What follows when the files are in place. */
export interface AfterMerge {
  readonly steps: readonly StepName[];
  readonly manager: PackageManagerName;
  readonly host: Host;
}

/**
 * Carries out a staged merge: moves the files into place, runs the steps, then writes the record. With
 * conflicts there are no steps. Interrupted, it can be carried on by another run.
 *
 * @returns the exit code: 1 with conflicts, and when a step fails
 */
export async function completeMerge(stage: Stage, after: AfterMerge): Promise<number> {
  const { root, files, report } = stage;
  const { host, manager, steps } = after;
  const paths = files.map(({ path }) => path);
  await checkPaths(paths, { path: root, shown: ".", kind: "ours" });
  for await (const _path of applyStage(stage)) {
    if (host.signal.aborted) throw new InterruptedError("run the same command to continue");
  }
  const failed = stage.hasConflicts ? undefined : await runSteps(root, after);
  await finishStage(stage);
  host.print(report);
  const rest = failed === undefined ? steps : steps.slice(steps.indexOf(failed));
  const commands = rest.map((step) => stepCommand(step, manager)).join(" && ");
  if (stage.hasConflicts) {
    host.print(`Resolve the conflicts${commands === "" ? "" : `, then run ${commands}`}.\n`);
    return 1;
  }
  if (failed !== undefined) {
    host.note(
      `grpc-service: ${stepCommand(failed, manager)} failed; fix it, then run ${commands}\n`,
    );
    return 1;
  }
  return 0;
}

/** The stage of an interrupted run, if it has the same goal. @throws UsageError if it has another one */
export function continued(stage: Stage | undefined, goal: string): Stage | undefined {
  if (stage === undefined || stage.goal === goal) return stage;
  throw new UsageError(
    `"${stage.goal}" was interrupted here: run that again to finish it, or undo its changes with git and remove ${stageName}`,
  );
}

/** Returns the step that failed. */
async function runSteps(root: string, after: AfterMerge): Promise<StepName | undefined> {
  const { steps, manager, host } = after;
  for (const step of steps) {
    if (step === "generate") {
      await generateCode(root, host);
    } else if (!(await runStep(root, stepCommand(step, manager), host))) return step;
  }
  return undefined;
}
