import type { Model, Prompt } from "./model.ts";
import { Pauses } from "./pauses.ts";

/** What the model has read. It says nothing else. */
const english = chain(`
A stream sends one token at a time . The caller reads each token as it comes . The caller may leave at any
time . A server that sends one token at a time keeps no text in memory . Each token is a message of its own .`);
const korean = chain(`
토큰은 하나씩 전송됩니다 . 호출자는 토큰을 하나씩 읽습니다 . 호출자는 언제든지 떠날 수 있습니다 .
서버는 토큰을 하나씩 전송하고 다음 토큰을 기다립니다 . 토큰은 메시지 하나가 됩니다 .`);

/** After a sentence it stops, once it has said this much. */
const enough = 24;

/**
 * Makes up text from pairs of words, without a network: the same prompt always gives the same text. For
 * development, tests and measurements.
 */
export class LocalModel implements Model {
  readonly #intervalMs: number;

  /** @param tokensPerSecond speed of each generation */
  constructor(tokensPerSecond: number) {
    this.#intervalMs = 1000 / tokensPerSecond;
  }

  async *generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<string> {
    const pauses = new Pauses(signal);
    const startMs = performance.now();
    let count = 0;
    try {
      for (const token of tokensFor(prompt)) {
        count += 1;
        // By the clock, so that late timers do not add up.
        const waitMs = startMs + count * this.#intervalMs - performance.now();
        await pauses.pause(Math.max(0, waitMs));
        yield token;
      }
    } finally {
      pauses.end();
    }
  }

  async check(): Promise<void> {}
}

function* tokensFor({ text, maxTokens }: Prompt): Iterable<string> {
  const pick = chooser(text);
  const followers = /\p{Script=Hangul}/u.test(text) ? korean : english;
  let word = pick(followers.get(".") ?? []);
  for (let count = 1; count <= maxTokens; count += 1) {
    yield count === 1 || word === "." ? word : ` ${word}`;
    if (word === "." && count >= enough) return;
    word = pick(followers.get(word) ?? []);
  }
}

/** The words that follow each word. The first one follows the last full stop. */
function chain(text: string): ReadonlyMap<string, string[]> {
  const words = text.trim().split(/\s+/);
  const followers = new Map<string, string[]>();
  for (const [index, word] of words.entries()) {
    const next = words[(index + 1) % words.length] ?? ".";
    followers.set(word, [...(followers.get(word) ?? []), next]);
  }
  return followers;
}

/** Picks from lists, at random but always the same for a seed (FNV-1a, then a linear congruence). */
function chooser(seed: string): (from: readonly string[]) => string {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)] ?? ".";
  };
}
