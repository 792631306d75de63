import { runCommand } from "../support/run-command.ts";

/** Names of the checks, in the order of the report. */
export const checks = [
  ...["tools", "packages", "generated code", "code", "settings", "secrets"],
  ...["certificates", "resources", "port", "server"],
];

/** Runs `grpc-service doctor` on a machine where no server runs. */
export function doctor(cwd: string, ...args: string[]) {
  return runCommand(["doctor", ...args], { cwd });
}
