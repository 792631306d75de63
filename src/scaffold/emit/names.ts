import type { MethodModel, ServiceModel } from "../../plugin/model.ts";

/** Function in services/<service>/index.ts: `userServiceHandlers`. */
export function handlersFunction(service: ServiceModel): string {
  return service.definitionName.replace(/Definition(?=\$|$)/, "Handlers");
}

/** Function that creates the handler of a method: `getUser`, or `delete$` for a reserved word. */
export function handlerFunction(service: ServiceModel, method: MethodModel): string {
  const { identifier } = method;
  const taken = declaredByUs.has(identifier) || identifier === handlersFunction(service);
  return taken || builtIn.has(identifier) ? `${identifier}$` : identifier;
}

/** `admin-user` becomes `adminUser`: as unique as the directory. */
export function camelCase(directory: string): string {
  const name = directory.replace(/-+(.)/g, (_, char: string) => char.toUpperCase());
  return /^\d/.test(name) ? `service${name}` : name;
}

/** `admin-user` becomes `AdminUser`. */
export function pascalCase(directory: string): string {
  const name = camelCase(directory);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Module with the definition and the handler types of a service, relative to `src/gen`. */
export function genModule({ importPath }: ServiceModel): string {
  return sourceModule(importPath);
}

/** Module with the client class of a service, relative to `src/gen`. */
export function clientModule({ clientPath }: ServiceModel): string {
  return sourceModule(clientPath);
}

/** The file of src/gen that a path of a model means. */
export function sourceModule(path: string): string {
  return path.replace(/^\.\//, "").replace(/\.js$/, ".ts");
}

const declaredByUs: ReadonlySet<string> = new Set(["dependencies", "unimplemented"]);

/** Globals that linters forbid to shadow. */
const builtIn: ReadonlySet<string> = new Set([
  "constructor",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "escape",
  "globalThis",
  "hasOwnProperty",
  "isFinite",
  "isNaN",
  "isPrototypeOf",
  "parseFloat",
  "parseInt",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "unescape",
  "valueOf",
]);
