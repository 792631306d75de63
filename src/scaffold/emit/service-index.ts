import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { docComment } from "../../plugin/text.ts";
import { assignedCall, list, printDoc } from "./doc.ts";
import { Imports } from "./imports.ts";
import { genModule, handlerFunction, handlersFunction, propertyKey } from "./names.ts";

/** `src/services/<service>/index.ts`: one line per RPC. */
export function printServiceIndex(service: ServiceModel): string {
  const name = handlersFunction(service);
  const imports = new Imports([name, "dependencies"]);
  const dependencies = imports.type("Dependencies", "../../dependencies.ts");
  const handlers = imports.type(service.handlersType, `../../gen/${genModule(service)}`);
  const lines = service.methods.map((method) => {
    const handler = imports.value(handlerFunction(service, method), `./${method.fileName}.ts`);
    return wiringLine(method, handler, "dependencies");
  });
  const signature = printDoc([
    `export function ${name}`,
    list("(", [`dependencies: ${dependencies}`], ")"),
    `: ${handlers} {`,
  ]);
  return `${imports.print()}

${docComment(`The handlers of ${service.typeName}, one line an RPC.`)}
${signature}
  return {
${lines.join("\n")}
  };
}
`;
}

/** The line of one RPC in the object that the index returns. */
export function wiringLine(method: MethodModel, handler: string, parameter: string): string {
  const key = propertyKey(method.localName);
  return printDoc([assignedCall(`${key}:`, handler, parameter), ","], 4);
}
