import type { Cache } from "../cache/cache.ts";
import { createCache } from "../cache/create-cache.ts";
import { RecentEntries } from "../cache/recent-entries.ts";

/** How many rows there are up to an id. */
export interface CountedRows {
  /** Rows with this id or a lower one. */
  readonly total: number;
  readonly lastId: number;
}

/** Options of `KeysetPages`. Times are in milliseconds. */
export interface KeysetPagesOptions {
  /**
   * Counts rows, for all callers that need it. It must leave out the latest ids, 1 000 or so: ids are
   * given before they are committed, so that a lower one may still appear among them.
   */
  readonly count: (signal: AbortSignal) => Promise<CountedRows>;
  /** A row that is deleted, or appears below the counted ids, is noticed after this time. Default: 30 000. */
  readonly recountMs?: number;
  /** Beginnings of pages to remember: those that were used last. Default: 1 000. */
  readonly maxPositions?: number;
}

/** Where to find a page. */
export interface PageStart {
  /** The page begins `skip` rows after this id. */
  readonly afterId: number;
  readonly skip: number;
  /** The total is this one and the rows with a higher id. */
  readonly counted: CountedRows;
}

/**
 * Pages by offset for a table whose ids rise: without counting the whole table, and without walking to the
 * offset for callers that read one page after the other. What is read after `find` decides, so the answer
 * is the same as by `OFFSET` and `count(*)`, unless rows are deleted: that shows after `recountMs`.
 *
 * @example
 * ```ts
 * const { afterId, skip, counted } = await pages.find(offset, context.signal);
 * const newer = db.selectFrom("orders").where("id", ">", counted.lastId).select(countAll);
 * const rows = await db.selectFrom("orders").selectAll().where("id", ">", afterId)
 *   .orderBy("id").offset(skip).limit(limit).execute();
 * pages.remember(offset + rows.length, rows.at(-1)?.id, counted);
 * ```
 */
export class KeysetPages {
  readonly #count: KeysetPagesOptions["count"];
  readonly #counted: Cache<CountedRows>;
  readonly #positions: RecentEntries<number>;
  readonly #recountMs: number;

  constructor({ count, recountMs = 30_000, maxPositions = 1_000 }: KeysetPagesOptions) {
    this.#count = count;
    this.#recountMs = recountMs;
    this.#counted = createCache({ name: "counted rows", ttlMs: recountMs, maxEntries: 1 });
    this.#positions = new RecentEntries(maxPositions);
  }

  /**
   * Where the page begins.
   *
   * @param offset rows before the page
   * @throws what `count` throws, or the reason of the signal
   */
  async find(offset: number, signal: AbortSignal): Promise<PageStart> {
    const counted = (await this.#counted.get("", this.#count, signal)) ?? { total: 0, lastId: 0 };
    // Pages far behind the end would walk through the whole table.
    if (offset >= counted.total) {
      return { afterId: counted.lastId, skip: offset - counted.total, counted };
    }
    const position = this.#positions.get(String(offset));
    if (position !== undefined) return { afterId: position.value, skip: 0, counted };
    return { afterId: 0, skip: offset, counted };
  }

  /**
   * Remembers where the next page begins.
   *
   * @param offset of the next page
   * @param lastId of this page; undefined: it was empty
   * @param counted by `find`: behind it, ids may still appear
   */
  remember(offset: number, lastId: number | undefined, counted: CountedRows): void {
    if (lastId === undefined || lastId > counted.lastId) return;
    this.#positions.set(String(offset), lastId, this.#recountMs);
  }
}
