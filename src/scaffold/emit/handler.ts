import {
  type MethodModel,
  type ServiceModel,
  streamsRequests,
  streamsResponses,
} from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import { printDoc } from "../../print/layout.ts";
import { signature } from "../../print/syntax.ts";
import { genModule, handlerFunction } from "./names.ts";

/**
 * Prints `src/services/<service>/<method>.ts`: a handler that answers UNIMPLEMENTED.
 *
 * @param src path from its folder to src
 */
export function printHandler(service: ServiceModel, method: MethodModel, src = "../.."): string {
  const name = handlerFunction(service, method);
  const imports = new Imports([name]);
  const dependencies = imports.type("Dependencies", `${src}/dependencies.ts`);
  const unimplemented = imports.value("unimplemented", "grpc-service");
  const handlers = imports.type(service.handlersType, `${src}/gen/${genModule(service)}`);
  const docs = method.docs === "" ? "" : `${printDoc(jsDoc(method.docs))}\n`;
  const type = `${handlers}[${JSON.stringify(method.localName)}]`;
  const parameter = `_dependencies: ${dependencies}`;
  const head = printDoc([signature(`export function ${name}`, [parameter], `: ${type}`), " {"]);
  return `${imports.print()}

${docs}${head}
${printStub(method, unimplemented)}
}
`;
}

function printStub(method: MethodModel, unimplemented: string): string {
  const request = streamsRequests(method) ? "_requests" : "_request";
  return streamsResponses(method)
    ? `  return async function* (${request}, context) {
    yield ${unimplemented}(context);
  };`
    : `  return async (${request}, context) => ${unimplemented}(context);`;
}
