import { join } from "node:path";
import type { ServiceModel } from "../../plugin/model.ts";
import { readIfPresent } from "../disk/plan.ts";
import type { Generated } from "../generation/generate.ts";
import { deadCalls, missingCalls } from "./demo-client.ts";
import { deadLines, missingLines } from "./services-doc.ts";

/** Mentions of RPCs outside of src/services and test. No test fails when they are outdated. */
export interface Mentions {
  /** Lines of new RPCs for the tables and diagrams of docs/services.md. */
  readonly doc: readonly string[];
  /** Lines for the demo client that call new RPCs. */
  readonly calls: readonly string[];
  /** Mentions of removed RPCs and services: `docs/services.md:12: the row of GetUser`. */
  readonly dead: readonly string[];
}

/**
 * Reads docs/services.md and the demo client of a project.
 *
 * @param added services with their new methods only
 */
export async function findMentions(
  project: string,
  services: readonly ServiceModel[],
  added: readonly ServiceModel[],
  { files, requests }: Pick<Generated, "files" | "requests">,
): Promise<Mentions> {
  const doc = String((await readIfPresent(join(project, docFile))) ?? "");
  const client = String((await readIfPresent(join(project, clientFile))) ?? "");
  return {
    doc: missingLines(added, doc),
    calls: missingCalls(added, client, requests),
    dead: [
      ...deadCalls(services, files, client).map((place) => `${clientFile}:${place}`),
      ...deadLines(services, doc).map((place) => `${docFile}:${place}`),
    ],
  };
}

export const docFile = "docs/services.md";
export const clientFile = "src/client/index.ts";
