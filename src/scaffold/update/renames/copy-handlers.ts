import type { ServiceModel } from "../../../plugin/model.ts";
import { handlerFunction } from "../../emit/names.ts";
import type { Requests } from "../../emit/request.ts";
import type { Code } from "../code/code.ts";
import { handlerTypes } from "../handler-types.ts";
import { servedService } from "../served-service.ts";
import { Sources } from "../sources.ts";
import { isUntouched, stubsOf } from "../stubs.ts";
import { CodeEdits } from "./code-edits.ts";
import { type BothStates, namesOf } from "./rename-service.ts";
import { renameTexts } from "./rename-texts.ts";
import { retarget } from "./retarget.ts";

/**
 * Starts the handlers of a service as copies of those of another version of it, with their tests. What the
 * user has written for the new version stays.
 */
export function copyHandlers(
  sources: Sources,
  code: Code,
  { from, to }: { readonly from: ServiceModel; readonly to: ServiceModel },
  states: BothStates,
  requests: Requests,
): void {
  const served = servedService(code, from);
  if (served === undefined) return;
  const folder = servedService(code, to)?.folder ?? `src/services/${to.directory}`;
  const scratch = new Sources(sources.texts);
  const edits = new CodeEdits(code);
  retarget(edits, code, { names: namesOf(from, to, states), generated: states.generated });
  const copied: string[] = [];
  for (const method of from.methods) {
    const same = to.methods.find(({ name, kind }) => name === method.name && kind === method.kind);
    if (same === undefined) continue;
    const own = stubsOf(served.service, served.folder, method, requests);
    const others = stubsOf(to, folder, same, requests);
    for (const [index, { path }] of own.entries()) {
      const stub = others[index];
      if (stub === undefined || sources.get(path) === undefined) continue;
      const present = sources.get(stub.path);
      if (present !== undefined && !isUntouched(present, stub)) continue;
      scratch.delete(stub.path);
      edits.move(path, stub.path);
      copied.push(stub.path);
    }
    const handler = handlerTypes(code, from).find(({ file }) => file.path === own[0].path);
    if (handler === undefined) continue;
    edits.renameExport(own[0].path, handlerFunction(from, method), handlerFunction(to, same));
  }
  edits.apply(scratch);
  renameTexts(scratch, new Map([[from.typeName, to.typeName]]));
  for (const path of copied) {
    const text = scratch.get(path);
    if (text !== undefined) sources.set(path, text);
  }
}
