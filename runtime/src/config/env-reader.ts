import type { Variables } from "./variables.ts";

/** Settings are missing or wrong; `message` has one line per problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** One setting as it was read. `.env.example` and the README's table are printed from these. */
export interface Setting {
  /** Heading under which it is listed. */
  readonly section: string;
  readonly name: string;
  /** Description in one line. */
  readonly about: string;
  /** Default value; "" for none. Never a secret. */
  readonly fallback: string;
  /** False: `.env.example` leaves it out. */
  readonly isListed?: boolean;
}

/**
 * Reads typed settings from environment variables and collects every problem, so that all are
 * reported at once. An empty variable counts as not set. Problems quote a value only if it cannot be
 * a secret. Every read also describes its setting: see `settings`.
 */
export class EnvReader {
  readonly #env: Variables;
  /** A set: a setting may be read twice. */
  readonly #problems = new Set<string>();
  readonly #settings = new Map<string, Setting>();
  #section = "";
  #isListed = true;

  constructor(env: Variables) {
    this.#env = env;
  }

  /** Every setting read so far, in order. */
  get settings(): readonly Setting[] {
    return [...this.#settings.values()];
  }

  /** Starts a section: the heading of the settings read next. */
  section(title: string): void {
    this.#section = title;
  }

  /** Reads settings whose defaults suit almost every service: `.env.example` leaves them out. */
  unlisted<T>(read: () => T): T {
    const before = this.#isListed;
    this.#isListed = false;
    try {
      return read();
    } finally {
      this.#isListed = before;
    }
  }

  /** Adds a problem: `name` followed by `problem` is one line. */
  reject(name: string, problem: string): void {
    this.#problems.add(`${name} ${problem}`);
  }

  /** Call it after the last read. @throws ConfigError when there is a problem. */
  finish(): void {
    if (this.#problems.size > 0) throw new ConfigError([...this.#problems]);
  }

  isSet(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** The text of a variable that is not one of the service's settings, and is not listed as one. */
  value(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  /** Any text. */
  text<F extends string | undefined>(name: string, about: string, fallback: F): string | F {
    return this.#read(name, about, fallback) ?? fallback;
  }

  /** One of the `allowed` texts. */
  oneOf<T extends string, F extends T | undefined>(
    name: string,
    about: string,
    allowed: readonly T[],
    fallback: F,
  ): T | F {
    const value = this.#read(name, `${about} One of: ${allowed.join(", ")}.`, fallback);
    if (value === undefined) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      this.reject(name, `must be one of ${allowed.join(", ")}, not "${value}"`);
    return found ?? fallback;
  }

  /** `on` or `off`. */
  onOff<F extends boolean | undefined>(name: string, about: string, fallback: F): boolean | F {
    const shown = fallback === undefined ? undefined : fallback ? "on" : "off";
    const value = this.oneOf(name, about, ["on", "off"], shown);
    return value === undefined ? fallback : value === "on";
  }

  /** A whole number in `range`. */
  integer<F extends number | undefined>(
    name: string,
    about: string,
    fallback: F,
    range: { min: number; max: number },
  ): number | F {
    const value = this.#read(name, about, fallback === undefined ? undefined : String(fallback));
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    this.reject(name, `must be a whole number from ${range.min} to ${range.max}, not "${value}"`);
    return fallback;
  }

  /** `host:port`; an IPv6 host stands in brackets. */
  address<F extends string | undefined>(name: string, about: string, fallback: F): string | F {
    const value = this.#read(name, about, fallback);
    if (value === undefined) return fallback;
    const port = /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):(\d{1,5})$/.exec(value)?.[1];
    if (port !== undefined && Number(port) <= 65535) return value;
    this.reject(name, `must be host:port, such as 127.0.0.1:50051, not "${value}"`);
    return fallback;
  }

  /** A URL, which may hold a password and is therefore never quoted. */
  url(name: string, about: string, protocols: readonly string[]): URL | undefined {
    const value = this.#read(name, about, undefined);
    if (value === undefined) return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url !== undefined && protocols.includes(url.protocol)) return url;
    this.reject(
      name,
      `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`,
    );
    return undefined;
  }

  #read(name: string, about: string, fallback: string | undefined): string | undefined {
    if (!this.#settings.has(name)) {
      const setting = { section: this.#section, name, about, fallback: fallback ?? "" };
      this.#settings.set(name, this.#isListed ? setting : { ...setting, isListed: false });
    }
    return this.value(name);
  }
}
