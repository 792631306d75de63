import type { ServiceModel } from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { call } from "../../print/syntax.ts";
import { camelCase, genModule, handlersFunction } from "./names.ts";

/** Prints `src/services/index.ts`: every service of the server. */
export function printServicesIndex(services: readonly ServiceModel[]): string {
  const imports = new Imports(["services", "dependencies"]);
  const dependencies = imports.type("Dependencies", "../dependencies.ts");
  const registration = imports.type("ServiceRegistration", "grpc-service");
  const implement = imports.value("implement", "grpc-service");
  const lines = services.map((service) => {
    const { definition, handlers } = importService(imports, service);
    return registrationLine(implement, definition, handlers, "dependencies");
  });
  return `${imports.print()}

/** Every service of the server. */
export function services(dependencies: ${dependencies}): ${registration}[] {
  return [
    // One line per service.
${lines.join("\n")}
  ];
}
`;
}

/** Imports definition and handlers of a service, under an alias if the name is taken. */
export function importService(imports: Imports, service: ServiceModel) {
  const module = `../gen/${genModule(service)}`;
  const folder = `./${service.directory}/index.ts`;
  const prefix = camelCase(service.directory);
  return {
    definition: imports.value(service.definitionName, module, `${prefix}Definition`),
    handlers: imports.value(handlersFunction(service), folder, `${prefix}Handlers`),
  };
}

/** The line of a service in the list. */
export function registrationLine(
  implement: string,
  definition: string,
  handlers: string,
  parameter: string,
): string {
  return printDoc([call(implement, definition, call(handlers, parameter)), ","], 4);
}
