import type { ServiceModel } from "../../plugin/model.ts";
import { printDiagramLines } from "./service-diagram.ts";
import { printServiceRow } from "./service-row.ts";

/** Prints the part of docs/services.md that follows the protos: a table and a diagram per service. */
export function printServicesDoc(services: readonly ServiceModel[]): string {
  return services.map(printService).join("\n\n");
}

function printService(service: ServiceModel): string {
  const { typeName, sourceFile, directory, deprecated, methods } = service;
  const diagram = methods.flatMap(printDiagramLines);
  return [
    `## ${typeName}`,
    "",
    `\`proto/${sourceFile}\`, handlers in \`src/services/${directory}/\`${deprecated ? " (deprecated)" : ""}`,
    "",
    "| RPC | Pattern | Request | Response | Handler |",
    "| --- | --- | --- | --- | --- |",
    ...methods.map((method) => printServiceRow(service, method)),
    "",
    "```mermaid",
    "sequenceDiagram",
    "  participant Client",
    `  participant Server as ${typeName}`,
    ...diagram,
    "```",
  ].join("\n");
}

/** Prints the names of the services for the first sentence of the README. */
export function printServiceNames(services: readonly ServiceModel[]): string {
  return services.map(({ typeName }) => `\`${typeName}\``).join(", ");
}
