import type { MessageModel, MethodModel, ServiceModel } from "../../../plugin/model.ts";
import type { ModelsBefore } from "../before/models-before.ts";
import type { Rename } from "./rename.ts";

/** The last state, with its services, RPCs and their messages under the names that they have now: what is left has changed. */
export function underNewNames(
  before: ModelsBefore,
  done: readonly Rename[],
  services: readonly ServiceModel[],
): ModelsBefore {
  const renames = done.filter(({ kind }) => kind === "rename");
  return {
    ...before,
    services: before.services.map((service) => renamed(service, renames, services)),
  };
}

function renamed(
  old: ServiceModel,
  renames: readonly Rename[],
  services: readonly ServiceModel[],
): ServiceModel {
  const to = renames.find(({ from }) => from === old.typeName)?.to ?? old.typeName;
  const now = services.find(({ typeName }) => typeName === to);
  if (now === undefined) return old;
  const methods = old.methods.map((method): MethodModel => {
    const names = [old.typeName, to].map((service) => `${service}/${method.name}`);
    const name = renames.find(({ from }) => names.includes(from))?.to.split("/")[1];
    const is = now.methods.find((each) => each.name === (name ?? method.name));
    if (is === undefined) return method;
    const { kind, docs } = method;
    const input = followed(method.input, is.input, renames);
    const output = followed(method.output, is.output, renames);
    return { ...(name === undefined ? method : is), kind, docs, input, output };
  });
  return to === old.typeName ? { ...old, methods } : { ...now, docs: old.docs, methods };
}

function followed(was: MessageModel, is: MessageModel, renames: readonly Rename[]): MessageModel {
  return renames.some(({ from, to }) => from === was.typeName && to === is.typeName) ? is : was;
}
