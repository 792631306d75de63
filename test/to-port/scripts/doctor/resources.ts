import { reason } from "../../src/reason.ts";
import type { Resource, Resources } from "../../src/resource.ts";
import { type Finding, failure, ok, skipped, warning } from "./check.ts";

const timeoutMs = 5000;

/** Asks everything that the server depends on whether it works, as health does, and closes it. */
export async function checkResources(resources: Resources): Promise<Finding[]> {
  const entries = Object.entries(resources);
  const findings = await Promise.all(entries.map(([name, resource]) => check(name, resource)));
  return findings.length > 0 ? findings : [skipped("the server depends on nothing else")];
}

async function check(name: string, resource: Resource): Promise<Finding> {
  try {
    if (resource.check === undefined) return skipped(`${name} has no health check`);
    await resource.check(AbortSignal.timeout(timeoutMs));
    return ok(`${name} works`);
  } catch (error) {
    const message = `${name} does not work: ${reason(error)}`;
    const remedy = "start it, or correct in the settings where it is";
    return resource.optional ? warning(message, remedy) : failure(message, remedy);
  } finally {
    await resource.close();
  }
}
