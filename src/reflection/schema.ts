import type { DescFile, FileRegistry } from "@bufbuild/protobuf";

/** Descriptors, wherever they come from. */
export interface Schema {
  /** Where they come from, for messages: `proto/`, for example. */
  readonly origin: string;
  /** Full names of all services, sorted. */
  serviceNames(): Promise<readonly string[]>;
  /** A registry in which `symbol`, a full name, is declared; undefined if nothing has that name. */
  find(symbol: string): Promise<FileRegistry | undefined>;
  /** Full names of everything that is declared, as far as it is known without asking for each. */
  symbols(): Promise<readonly string[]>;
}

/** A schema whose descriptors are all there. */
export class LoadedSchema implements Schema {
  readonly origin: string;
  readonly #registry: FileRegistry;

  constructor(origin: string, registry: FileRegistry) {
    this.origin = origin;
    this.#registry = registry;
  }

  async serviceNames(): Promise<readonly string[]> {
    return [...this.#registry.files].flatMap(namesOfServices).sort();
  }

  async find(symbol: string): Promise<FileRegistry | undefined> {
    return declares(this.#registry, symbol) ? this.#registry : undefined;
  }

  async symbols(): Promise<readonly string[]> {
    return [...this.#registry].map(({ typeName }) => typeName);
  }
}

/** Whether a type, service or method of this full name is in a registry. */
export function declares(registry: FileRegistry, symbol: string): boolean {
  if (registry.get(symbol) !== undefined) return true;
  const dot = symbol.lastIndexOf(".");
  const service = registry.getService(symbol.slice(0, Math.max(dot, 0)));
  return service?.methods.some(({ name }) => name === symbol.slice(dot + 1)) === true;
}

function namesOfServices({ services }: DescFile): string[] {
  return services.map(({ typeName }) => typeName);
}
