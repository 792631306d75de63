import type { MethodModel } from "../../plugin/model.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import type { Code } from "./code/code.ts";
import type { ServedService } from "./served-service.ts";
import { composes, handlerState, loadsModules } from "./wired-handlers.ts";

/** RPCs of a service that nothing answers yet. */
export interface OpenMethods {
  /** Without a handler. If that cannot be seen, those that the last state did not have. */
  readonly missing: readonly MethodModel[];
  /** With a handler that nothing imports. */
  readonly loose: readonly MethodModel[];
}

export function openMethods(
  code: Code,
  served: ServedService,
  before: ModelsBefore | undefined,
): OpenMethods {
  const { typeName, methods } = served.service;
  const old = before?.services.find((service) => service.typeName === typeName);
  const isAdded = ({ name }: MethodModel) =>
    before !== undefined && !old?.methods.some((method) => method.name === name);
  const states = methods.map((method) => ({ method, state: handlerState(code, served, method) }));
  const open = states.filter(({ state }) => state !== "wired");
  const { object, files } = served;
  const isWhole =
    object !== undefined && (object.checked || ![object.file, ...files].some(composes));
  const isMissing = ({ method }: { readonly method: MethodModel }) => isWhole || isAdded(method);
  return {
    missing: open.filter(isMissing).map(({ method }) => method),
    loose: open
      .filter((each) => each.state === "loose" && !isMissing(each) && !files.some(loadsModules))
      .map(({ method }) => method),
  };
}
