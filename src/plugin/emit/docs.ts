import type { Doc } from "../../print/doc.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import type { MethodModel, ServiceModel } from "../model.ts";

/** Comment above a declaration of a service: `text`, then its origin. */
export function serviceDocs(service: ServiceModel, text: string): Doc {
  return jsDoc(withTags(text, `service ${service.typeName}`, service.deprecated));
}

/** Comment above a method of handlers or client. */
export function methodDocs(service: ServiceModel, method: MethodModel): Doc {
  const origin = `rpc ${service.typeName}.${method.name}`;
  return jsDoc(withTags(method.docs, origin, method.deprecated));
}

function withTags(text: string, origin: string, deprecated: boolean): string {
  const tags = [`@generated from ${origin}`, ...(deprecated ? ["@deprecated"] : [])].join("\n");
  return text === "" ? tags : `${text}\n\n${tags}`;
}
