import type { ServiceModel } from "../../plugin/model.ts";
import type { Generated } from "../generation/generate.ts";
import { clientFile, deadCalls, missingCalls } from "./demo-client.ts";
import { deadLines, docFile, missingLines } from "./services-doc.ts";
import type { Sources } from "./sources.ts";

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
 * Searches docs/services.md and the demo client of a project.
 *
 * @param added services with their new methods only
 */
export function findMentions(
  sources: Sources,
  services: readonly ServiceModel[],
  added: readonly ServiceModel[],
  { files, requests }: Pick<Generated, "files" | "requests">,
): Mentions {
  const doc = sources.get(docFile) ?? "";
  const client = sources.get(clientFile) ?? "";
  return {
    doc: missingLines(added, doc),
    calls: missingCalls(added, client, requests),
    dead: [
      ...deadCalls(services, files, client),
      ...deadLines(services, doc).map((place) => `${docFile}:${place}`),
    ],
  };
}
