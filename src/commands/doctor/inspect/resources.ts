import type { Resource, Resources } from "grpc-service/app";
import { reason } from "../../project/reason.ts";
import { type Finding, failure, ok, skipped, warning } from "../finding.ts";

/**
 * Runs the health check of every resource, and closes it.
 *
 * @param timeoutMs time limit of a check
 */
export async function checkResources(resources: Resources, timeoutMs = 5000): Promise<Finding[]> {
  const findings = await Promise.all(
    Object.entries(resources).map(([name, resource]) =>
      resource === undefined ? [] : checkResource(name, resource, timeoutMs),
    ),
  );
  const found = findings.flat();
  return found.length > 0 ? found : [skipped("the service has no resources")];
}

async function checkResource(
  name: string,
  resource: Resource,
  timeoutMs: number,
): Promise<Finding> {
  try {
    if (resource.check === undefined) return skipped(`${name} has no health check`);
    const signal = AbortSignal.timeout(timeoutMs);
    await Promise.race([resource.check(signal), rejectOnAbort(signal, timeoutMs)]);
    return ok(`${name} works`);
  } catch (error) {
    const message = `${name} does not work: ${reason(error)}`;
    const remedy = "start it, or correct its settings";
    return resource.optional ? warning(message, remedy) : failure(message, remedy);
  } finally {
    await resource.close();
  }
}

/** For a check that ignores its signal. */
function rejectOnAbort(signal: AbortSignal, timeoutMs: number): Promise<never> {
  return new Promise((_, reject) => {
    const error = new Error(`no answer within ${timeoutMs} ms`);
    signal.addEventListener("abort", () => reject(error), { once: true });
  });
}
