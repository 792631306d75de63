/**
 * Flags of a command line as the interop programs of all languages take them: `--port=8080`,
 * `--port 8080`, and `--use_tls` for `--use_tls=true`. Flags that nobody asks for do no harm.
 */
export class Flags {
  readonly #values = new Map<string, string>();

  /** @throws Error in one line when an argument belongs to no flag. */
  constructor(args: readonly string[]) {
    let awaiting: string | undefined;
    for (const arg of args) {
      const [, name, value] = /^--?([a-z_]+)(?:=(.*))?$/s.exec(arg) ?? [];
      if (name !== undefined) {
        this.#values.set(name, value ?? "true");
        awaiting = value === undefined ? name : undefined;
      } else if (awaiting !== undefined) {
        this.#values.set(awaiting, arg);
        awaiting = undefined;
      } else {
        throw new Error(`${arg} is no flag`);
      }
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws Error in one line when the value is neither `true` nor `false`. */
  boolean(name: string): boolean {
    const value = this.#values.get(name) ?? "false";
    if (value !== "true" && value !== "false") {
      throw new Error(`--${name} is true or false, not ${JSON.stringify(value)}`);
    }
    return value === "true";
  }

  /** @throws Error in one line when the flag is missing or no port. */
  port(name: string): number {
    const value = this.#values.get(name) ?? "";
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new Error(`--${name} is a port`);
    return Number(value);
  }
}
