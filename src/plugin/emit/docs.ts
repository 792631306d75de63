import type { MethodModel, ServiceModel } from "../model.ts";
import { docComment } from "../text.ts";

/** Comment above something generated from a service: `text`, then where it comes from. */
export function serviceDocs(service: ServiceModel, text: string): string {
  return docComment(withTags(text, `service ${service.typeName}`, service.deprecated));
}

/** Comment above a method of handlers or client. */
export function methodDocs(service: ServiceModel, method: MethodModel): string {
  const origin = `rpc ${service.typeName}.${method.name}`;
  return docComment(withTags(method.docs, origin, method.deprecated), "  ");
}

function withTags(text: string, origin: string, deprecated: boolean): string {
  const tags = [`@generated from ${origin}`, ...(deprecated ? ["@deprecated"] : [])].join("\n");
  return text === "" ? tags : `${text}\n\n${tags}`;
}
