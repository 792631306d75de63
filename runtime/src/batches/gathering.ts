import { addAbortListener } from "../abort-listeners.ts";
import type { BatchLimits } from "./limits.ts";

/**
 * The batch that is being gathered. A reader fills it from its source, a taker empties it, and either
 * waits for the other.
 */
export class Gathering<T> {
  readonly #source: AsyncIterator<T>;
  readonly #limits: BatchLimits<T>;
  readonly #stopListening: (() => void) | undefined;
  #items: T[] = [];
  #bytes = 0;
  /** Nothing may be added. */
  #isFull = false;
  /** The first item has waited long enough. */
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  /** `ended`: the source has no more items. `stopped`: nobody wants them. */
  #state: "open" | "ended" | "stopped" = "open";
  #failure: { readonly error: unknown } | undefined;
  /** Whether a `next()` of the source is pending. */
  #isReading = false;
  #closing: Promise<unknown> | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeTaker: (() => void) | undefined;

  /** @param signal one that has not been aborted */
  constructor(source: AsyncIterator<T>, limits: BatchLimits<T>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#limits = limits;
    this.#stopListening = signal && addAbortListener(signal, () => this.#fail(signal.reason));
    void this.#read();
  }

  /**
   * Waits for a complete batch. To be called by one taker at a time.
   *
   * @returns undefined after the last batch
   * @throws the error of the source, the reason of the signal
   */
  async take(): Promise<T[] | undefined> {
    while (!this.#isComplete()) {
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    const items = this.#items;
    if (items.length === 0) return undefined;
    this.#items = [];
    this.#bytes = 0;
    this.#isFull = false;
    this.#isDue = false;
    clearTimeout(this.#timer);
    this.#wakeReader?.();
    return items;
  }

  /** Closes the source unless it has ended. Does not wait for one that is about to give an item. */
  async stop(): Promise<void> {
    this.#halt();
    if (!this.#isReading && this.#failure === undefined) await this.#closing;
  }

  #isComplete(): boolean {
    if (this.#state === "ended" || this.#failure !== undefined) return true;
    return this.#isFull || (this.#isDue && this.#items.length > 0);
  }

  async #read(): Promise<void> {
    try {
      while (this.#state === "open") {
        const next = await this.#next();
        if (next.done === true) this.#end();
        else await this.#add(next.value);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #next(): Promise<IteratorResult<T>> {
    this.#isReading = true;
    try {
      return await this.#source.next();
    } catch (error) {
      // It must not be closed any more.
      this.#state = "ended";
      throw error;
    } finally {
      this.#isReading = false;
    }
  }

  /** Waits until there is room for the item, and then for another one. */
  async #add(item: T): Promise<void> {
    const { maxItems, maxBytes, sizeOf } = this.#limits;
    const bytes = sizeOf(item);
    if (this.#items.length > 0 && this.#bytes + bytes > maxBytes) await this.#room();
    if (this.#state !== "open") return;
    this.#items.push(item);
    this.#bytes += bytes;
    if (this.#items.length === 1) this.#startWaiting();
    if (this.#items.length >= maxItems || this.#bytes >= maxBytes) await this.#room();
  }

  /** Waits for the taker. */
  #room(): Promise<void> {
    this.#isFull = true;
    this.#wakeTaker?.();
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  #startWaiting(): void {
    const { maxWaitMs } = this.#limits;
    if (maxWaitMs === undefined) return;
    if (maxWaitMs === 0) this.#becomeDue();
    else this.#timer = setTimeout(() => this.#becomeDue(), maxWaitMs);
  }

  #becomeDue(): void {
    this.#isDue = true;
    this.#wakeTaker?.();
  }

  #end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#wakeTaker?.();
  }

  /** The taker gets the first failure. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#halt();
    this.#wakeTaker?.();
  }

  #halt(): void {
    this.#stopListening?.();
    clearTimeout(this.#timer);
    if (this.#state === "open") {
      this.#state = "stopped";
      this.#closing = this.#source.return?.();
      // `stop` throws its error, if somebody is left to see it.
      this.#closing?.catch(ignore);
    }
    this.#wakeReader?.();
  }
}

function ignore(): void {}
