import type { Doc } from "../../print/doc.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import type { MethodModel, ServiceModel } from "../model.ts";

/** Comment above something generated from a service: `text`, then where it comes from. */
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
