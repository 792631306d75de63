import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import type { Requests } from "../emit/request.ts";
import { indexFiles } from "../emit/service-files.ts";
import type { Sources } from "./sources.ts";
import { stubsOf } from "./stubs.ts";

/** Adds the stubs of RPCs. */
export function addStubs(
  sources: Sources,
  service: ServiceModel,
  folder: string,
  methods: readonly MethodModel[],
  requests: Requests,
): void {
  const stubs = methods.flatMap((method) => stubsOf(service, folder, method, requests));
  for (const { path, text } of stubs) {
    if (canAdd(sources, path)) sources.set(path, text);
  }
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
