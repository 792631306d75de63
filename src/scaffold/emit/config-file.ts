import { Imports } from "../../print/imports.ts";
import { jsDoc } from "../../print/jsdoc.ts";
import { printDoc } from "../../print/layout.ts";
import type { ImportList, WiredSetting } from "../templates/wiring.ts";

/** Prints `src/config.ts`: the settings of the project, in addition to those of the library. */
export function printConfigFile(settings: readonly WiredSetting[]): string {
  const imports = new Imports(["service", "Config", "loadConfig", "loadClientConfig"]);
  const library = "grpc-service/config";
  for (const name of ["defineConfig", "readClientConfig", "readServiceConfig", "readServiceInfo"]) {
    imports.value(name, library);
  }
  for (const name of ["ClientConfig", "ConfigLoader", "ServiceConfig"]) imports.type(name, library);
  for (const { imports: lists } of settings) addImports(imports, lists);
  const isEmpty = settings.length === 0;
  const properties = isEmpty
    ? ['  // Your own: see "Add a setting" in docs/cookbook.md.']
    : settings.flatMap(propertyLines);
  return `${imports.print()}

const service = readServiceInfo(new URL("../package.json", import.meta.url));

/** Settings of the server. They are read and checked once, at start. */
export interface Config extends ServiceConfig {
${properties.join("\n")}
}

/** Reads the settings from environment variables. The error names every variable that is wrong. */
${printLoadConfig(settings)}

/** Reads the settings of clients of this service. */
export const loadClientConfig: ConfigLoader<ClientConfig> = defineConfig((env) =>
  readClientConfig(env, service),
);
`;
}

function printLoadConfig(settings: readonly WiredSetting[]): string {
  return `export const loadConfig: ConfigLoader<Config> = defineConfig((env) => ({
  ...readServiceConfig(env, service),
${settings.map(({ name, read }) => `  ${name}: ${read},\n`).join("")}}));`;
}

/** A property of an interface with its docstring. */
export function propertyLines(property: {
  readonly name: string;
  readonly type: string;
  readonly about?: string;
}): string[] {
  const { name, type, about = "" } = property;
  const docs = about === "" ? [] : [printDoc(jsDoc(about), 2)];
  return [...docs, `  readonly ${name}: ${type};`];
}

export function addImports(imports: Imports, lists: readonly ImportList[]): void {
  for (const { from, types = [], values = [] } of lists) {
    for (const name of values) imports.value(name, from);
    for (const name of types) imports.type(name, from);
  }
}
