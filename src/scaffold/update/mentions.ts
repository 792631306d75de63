import { join } from "node:path";
import type { ServiceModel } from "../../plugin/model.ts";
import { readIfPresent } from "../disk/plan.ts";
import type { Generated } from "../generation/generate.ts";
import { deadCalls, missingCalls } from "./demo-client.ts";
import { deadLines, missingLines } from "./readme.ts";

/** Mentions of RPCs outside of src/services and test. No test fails when they are outdated. */
export interface Mentions {
  /** Lines of new RPCs for the README's tables and diagrams. */
  readonly readme: readonly string[];
  /** Lines for the demo client that call new RPCs. */
  readonly calls: readonly string[];
  /** Mentions of removed RPCs and services: `README.md:12: the row of GetUser`. */
  readonly dead: readonly string[];
}

/**
 * Reads README.md and the demo client of a project.
 *
 * @param added services with their new methods only
 */
export async function findMentions(
  project: string,
  services: readonly ServiceModel[],
  added: readonly ServiceModel[],
  { files, requests }: Pick<Generated, "files" | "requests">,
): Promise<Mentions> {
  const readme = String((await readIfPresent(join(project, readmeFile))) ?? "");
  const client = String((await readIfPresent(join(project, clientFile))) ?? "");
  return {
    readme: missingLines(added, readme),
    calls: missingCalls(added, client, requests),
    dead: [
      ...deadCalls(services, files, client).map((place) => `${clientFile}:${place}`),
      ...deadLines(services, readme).map((place) => `${readmeFile}:${place}`),
    ],
  };
}

export const readmeFile = "README.md";
export const clientFile = "src/client/index.ts";
