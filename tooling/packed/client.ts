import { readFile } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * What a demo client printed, without what differs in every run: a part of emails, ids (UUID), times and
 * rates.
 */
export function repeatable(output: string): string {
  return output
    .replace(/\.[0-9a-z]+@example\.com/g, ".<run>@example.com")
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>")
    .replace(/\b\d[\d,.]*(?= (?:ms|s|MiB\/s|[a-z]+\/s)\b)/g, "<number>")
    .trim();
}

/** What the demo client prints according to docs/starter.md of a project; see `repeatable`. */
export async function documentedOutput(project: string): Promise<string> {
  const path = join(project, "docs/starter.md");
  const output = /^```\n\$ npm run client\n(.*?)^```$/ms.exec(await readFile(path, "utf8"))?.[1];
  if (output === undefined) throw new Error(`${path} does not show the output of npm run client`);
  return repeatable(output);
}
