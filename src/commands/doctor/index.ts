import { InterruptedError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { diagnose } from "./diagnose.ts";
import { isHealthy, reportJson, reportText } from "./report.ts";

/** Prints what is wrong with the project and this machine. Exit code 1 if a check fails. */
export async function doctor(
  { flags }: { readonly flags: { readonly json?: boolean | undefined } },
  host: Host,
): Promise<number> {
  const report = await diagnose(findProject(host.cwd), host);
  if (host.signal.aborted) throw new InterruptedError();
  host.print(flags.json === true ? reportJson(report) : reportText(report));
  return isHealthy(report) ? 0 : 1;
}
