/** `GetHTTPUrl` and `get_http_url` become `get-http-url`. */
export function kebabCase(name: string): string {
  return name
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}

/** `UserService` becomes `userService`, `LLMService` becomes `llmService`. */
export function lowerCamelCase(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase());
}

/**
 * Names that a property of definition, handlers or client must not have: the client's own members,
 * `then` (a promise would call it), `new` (a construct signature in an interface), `__proto__`.
 * They get a `$`, which no name in a proto can contain. protobuf-es does the same with
 * `constructor`, `toString`, `toJSON` and `valueOf`.
 */
const reservedMembers = new Set(["then", "new", "__proto__", "close", "waitForReady"]);

/** Name of a method in definition, handlers and client, from protobuf-es' name for it. */
export function memberName(localName: string): string {
  return reservedMembers.has(localName) ? `${localName}$` : localName;
}

/** Names of messages for which protoc-gen-es prints invalid TypeScript: no type can have them. */
// biome-ignore format: a list
const brokenTypeNames = new Set([
  "any", "as", "await", "infer", "keyof", "never", "readonly", "symbol",
  "undefined", "unique", "unknown",
]);

export function isTypeName(name: string): boolean {
  return !brokenTypeNames.has(name);
}

/** Names that Windows reserves for devices, with any extension, and `index.ts`. */
const reservedFiles = /^(index|con|prn|aux|nul|com\d|lpt\d)$/;
const maxFileName = 100;

/** File name for the handler of a method, without extension: `GetUser` becomes `get-user`. */
export function methodFileName(name: string): string {
  return fileName(kebabCase(name), "rpc", name);
}

function fileName(kebab: string, suffix: string, source: string): string {
  if (kebab === "") {
    return suffix;
  }
  if (reservedFiles.test(kebab)) {
    return `${kebab}-${suffix}`;
  }
  return kebab.length > maxFileName ? `${kebab.slice(0, 80)}-${shortHash(source)}` : kebab;
}

/** FNV-1a: good enough for distinct names, without loading Node's crypto module. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** The names of a service. */
export interface NamedService {
  readonly name: string;
  readonly package: string;
  readonly typeName: string;
}

/**
 * A directory name for each of the services, by type name: `UserService` becomes `user`. Where
 * several services would share a directory, all of them get a longer name, so that the result does
 * not depend on their order: `user` and `user-service`, or `shop-user` and `bank-user`.
 */
export function serviceDirectories(services: readonly NamedService[]): Map<string, string> {
  const levels = new Map(services.map((service) => [baseName(service), 0]));
  for (;;) {
    const directories = new Map<string, string>();
    const sharers = new Map<string, NamedService[]>();
    for (const service of services) {
      const name = directory(service, levels.get(baseName(service)));
      directories.set(service.typeName, name);
      const sharing = sharers.get(name) ?? [];
      sharing.push(service);
      sharers.set(name, sharing);
    }
    const clashing = [...sharers.values()].filter((sharing) => sharing.length > 1).flat();
    if (clashing.length === 0) {
      return directories;
    }
    for (const base of new Set(clashing.map(baseName))) {
      levels.set(base, (levels.get(base) ?? 0) + 1);
    }
  }
}

function baseName(service: NamedService): string {
  return kebabCase(service.name.replace(/(?<=.)_?Service$/, ""));
}

/** The higher the level, the longer the name; the highest is unique. */
function directory(service: NamedService, level = 0): string {
  const base = baseName(service);
  const full = kebabCase(service.name);
  const withPackage = (name: string) => kebabCase(`${service.package}-${name}`);
  const byLevel = [base, full, withPackage(base), withPackage(full)];
  const kebab = byLevel[level] ?? `${withPackage(full)}-${shortHash(service.typeName)}`;
  return fileName(kebab, "service", service.typeName);
}

/** End of the name of a generated file: definitions and handlers, clients, codecs of messages. */
export type OutputSuffix = "grpc" | "client" | "codec";

/**
 * Output path for a proto file without `.proto`: `./a//b` becomes `a/b_grpc`, so that each
 * path has one spelling.
 */
export function outputPath(file: string, suffix: OutputSuffix): string {
  const segments = file.split("/").filter((segment) => segment !== "" && segment !== ".");
  return `${segments.join("/")}_${suffix}`;
}
