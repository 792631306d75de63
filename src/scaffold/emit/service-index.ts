import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import { printDoc } from "../../print/layout.ts";
import { shortCallProperty, signature } from "../../print/syntax.ts";
import { genModule, handlerFunction, handlersFunction } from "./names.ts";

/** Prints `src/services/<service>/index.ts`: one line per RPC. */
export function printServiceIndex(service: ServiceModel): string {
  const name = handlersFunction(service);
  const imports = new Imports([name, "dependencies"]);
  const dependencies = imports.type("Dependencies", "../../dependencies.ts");
  const handlers = imports.type(service.handlersType, `../../gen/${genModule(service)}`);
  const lines = service.methods.map((method) => {
    const handler = imports.value(handlerFunction(service, method), `./${method.fileName}.ts`);
    return wiringLine(method, handler, "dependencies");
  });
  const parameter = `dependencies: ${dependencies}`;
  const head = printDoc([signature(`export function ${name}`, [parameter], `: ${handlers}`), " {"]);
  return `${imports.print()}

${printDoc(jsDoc(`The handlers of ${service.typeName}, one line per RPC.`))}
${head}
  return {
${lines.join("\n")}
  };
}
`;
}

/** The line of one RPC in the object that the index returns. */
export function wiringLine(method: MethodModel, handler: string, parameter: string): string {
  return printDoc([shortCallProperty(method.localName, handler, parameter), ","], 4);
}
