/** The settings cannot be used; one clear line for each problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * Reads typed settings from environment variables and remembers every problem, so that they are
 * all reported at once. An empty variable counts as not set. Values are quoted in a problem only
 * where they cannot be secret.
 */
export class EnvReader {
  readonly #env: NodeJS.ProcessEnv;
  readonly #problems: string[] = [];

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  reject(name: string, problem: string): void {
    this.#problems.push(`${name} ${problem}`);
  }

  /** @throws ConfigError when anything was rejected. Call it after the last read. */
  finish(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }

  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.reject(name, `must be ${allowed.join(", ")}, not "${value}"`);
    return found ?? fallback;
  }

  integer(name: string, fallback: number, range: { min: number; max: number }): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    this.reject(name, `must be a whole number from ${range.min} to ${range.max}, not "${value}"`);
    return fallback;
  }

  /** `host:port`; an IPv6 host stands in brackets. */
  address(name: string, fallback: string): string {
    const value = this.text(name) ?? fallback;
    const port = /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):(\d{1,5})$/.exec(value)?.[1];
    if (port !== undefined && Number(port) <= 65535) return value;
    this.reject(name, `must be host:port, such as ${fallback}, not "${value}"`);
    return fallback;
  }

  /** A URL, which may hold a password and is therefore never quoted. */
  url(name: string, protocols: readonly string[]): URL | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url !== undefined && protocols.includes(url.protocol)) return url;
    this.reject(
      name,
      `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`,
    );
    return undefined;
  }
}

/** Whether only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);
}
