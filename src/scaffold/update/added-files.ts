import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import type { Requests } from "../emit/request.ts";
import { indexFiles } from "../emit/service-files.ts";
import type { Sources } from "./sources.ts";
import { stubsOf } from "./stubs.ts";

/**
 * Adds the stubs of RPCs.
 *
 * @returns the RPCs whose handlers it added: others may have been written before
 */
export function addStubs(
  sources: Sources,
  service: ServiceModel,
  folder: string,
  methods: readonly MethodModel[],
  requests: Requests,
): MethodModel[] {
  return methods.filter((method) => {
    const stubs = stubsOf(service, folder, method, requests);
    const isNew = canAdd(sources, stubs[0].path);
    for (const { path, text } of stubs) {
      if (canAdd(sources, path)) sources.set(path, text);
    }
    return isNew;
  });
}

/** Adds the file that puts the handlers of a service together, and its test. */
export function addIndex(sources: Sources, service: ServiceModel): void {
  for (const [path, text] of indexFiles(service)) {
    if (canAdd(sources, path)) sources.set(path, text);
  }
}

/** A file that is there stays, such as a handler that was written before its RPC. Tests need `startApp`. */
function canAdd(sources: Sources, path: string): boolean {
  if (sources.get(path) !== undefined) return false;
  return !path.startsWith("test/") || sources.get("test/start-app.ts") !== undefined;
}
