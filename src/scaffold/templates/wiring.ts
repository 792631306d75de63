/** Names that a line of code uses, by module. */
export interface ImportList {
  readonly from: string;
  readonly types?: readonly string[];
  readonly values?: readonly string[];
}

/** One group of settings: a property of `Config`. */
export interface WiredSetting {
  readonly name: string;
  readonly type: string;
  /** Docstring of the property. */
  readonly about?: string;
  /** Expression that reads it; it may use `env`. */
  readonly read: string;
  readonly imports: readonly ImportList[];
}

/** One property of `Dependencies`. A later one of the same name replaces an earlier one. */
export interface WiredDependency {
  readonly name: string;
  readonly type: string;
  readonly about?: string;
  /** Expression that creates it; it may use `config` and dependencies before it. */
  readonly create: string;
  readonly imports: readonly ImportList[];
}

/** One resource: opened at start, watched by health, closed at the end. */
export interface WiredResource {
  readonly name: string;
  /** Expression that creates it; it may use `config` and every dependency. */
  readonly create: string;
  readonly imports: readonly ImportList[];
}

/** One environment variable, as `.env.example` and the README list it. */
export interface WiredVariable {
  readonly section: string;
  readonly name: string;
  readonly about: string;
  readonly fallback: string;
  /** What production must set on purpose: docker-compose.yml does, the manifests of a cluster name it. */
  readonly production?: {
    readonly value: string;
    /** One line that says what it means. */
    readonly about: string;
  };
}

/** A folder that outlives a container: a named volume of docker-compose.yml, a claim in a cluster. */
export interface WiredVolume {
  readonly name: string;
  /** Where containers have it. */
  readonly path: string;
  /** The variable that names the folder. The image sets it. */
  readonly variable: string;
  /** One line that says what is in it. */
  readonly about: string;
}

/** What the project, a starter or an addition contributes to shared files. */
export interface Wiring {
  readonly settings?: readonly WiredSetting[];
  readonly dependencies?: readonly WiredDependency[];
  readonly resources?: readonly WiredResource[];
  readonly variables?: readonly WiredVariable[];
  readonly volumes?: readonly WiredVolume[];
}

/** Merges wiring in order. A later entry replaces an earlier one of the same name. */
export function combine(all: readonly Wiring[]): Required<Wiring> {
  return {
    settings: byName(all.flatMap(({ settings = [] }) => settings)),
    dependencies: byName(all.flatMap(({ dependencies = [] }) => dependencies)),
    resources: byName(all.flatMap(({ resources = [] }) => resources)),
    variables: byName(all.flatMap(({ variables = [] }) => variables)),
    volumes: byName(all.flatMap(({ volumes = [] }) => volumes)),
  };
}

/** Keeps the last item of each name at its own position: it may use the items before it. */
function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const latest = new Map(items.map((item) => [item.name, item]));
  return items.filter((item) => latest.get(item.name) === item);
}
