import { attempt, type CommandResult } from "./commands.ts";

/** Runs the demo client of a scaffolded project against a running server. */
export async function runClient(
  project: string,
  address: string,
  options: { show?: boolean } = {},
): Promise<CommandResult> {
  return attempt("npm", ["run", "--silent", "client"], {
    cwd: project,
    env: { SERVER_ADDRESS: address },
    ...options,
  });
}

/** What the demo client printed, with the part of the emails that differs in every run taken out. */
export function repeatable(output: string): string {
  return output.replace(/\.[0-9a-z]+@example\.com/g, ".<run>@example.com").trim();
}
