import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { assignment, property } from "../../print/syntax.ts";
import type { WiredDependency, WiredResource } from "../templates/wiring.ts";
import { addImports, propertyLines } from "./config-file.ts";

/** Prints `src/dependencies.ts`: what handlers and interceptors may use, and how it is created. */
export function printDependenciesFile(
  dependencies: readonly WiredDependency[],
  resources: readonly WiredResource[],
): string {
  const names = dependencies.map(({ name }) => name);
  const imports = new Imports(["Dependencies", "createDependencies", "config", ...names]);
  imports.type("Resources", "grpc-service/app");
  imports.type("Config", "./config.ts");
  for (const { imports: lists } of [...dependencies, ...resources]) addImports(imports, lists);
  const creations = dependencies.map(({ name, create }) =>
    printDoc([assignment(`const ${name}`, create), ";"], 2),
  );
  const opened = resources.map(({ name, create }) =>
    name === create ? `      ${name},` : printDoc([property(name, create), ","], 6),
  );
  return `${imports.print()}

/** What handlers and interceptors may use. Tests pass their own. */
export interface Dependencies {
${dependencies.flatMap(propertyLines).join("\n")}
  /** Opened at start, watched by health, closed at the end. */
  readonly resources: Resources;
}

/** Creates what the server depends on. Add your own: a cache, clients of other services. */
export function createDependencies(config: Config): Dependencies {
${creations.join("\n")}
  return {
${names.map((name) => `    ${name},`).join("\n")}
    resources: {
${opened.join("\n")}
    },
  };
}
`;
}
