import { describe, expect, test } from "vitest";
import { startServer as startRedis } from "../redis/support/connect.ts";
import { type Child, startChild } from "../support/child.ts";
import { connect, failure, raise, signpost } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import type { RoomServerSettings } from "./processes/server.ts";

const program = (name: string) => new URL(`./processes/${name}.ts`, import.meta.url);

/** A server in a process of its own. */
async function startServer(
  settings: RoomServerSettings = {},
): Promise<{ port: number; child: Child }> {
  const child = startChild(program("server"), JSON.stringify(settings));
  return { port: Number(await child.next()), child };
}

/** A member that a test speaks for, on a connection of its own. */
class Speaker {
  readonly #queue: string[] = [];
  readonly #replies: AsyncIterator<{ readonly text: string }>;
  #next = signpost();
  #ended = false;

  constructor(port: number, member: string) {
    const client = connect(`127.0.0.1:${port}`);
    const call = client.bidi(this.#requests(), { metadata: { member } });
    this.#replies = call[Symbol.asyncIterator]();
  }

  say(...texts: string[]): void {
    this.#queue.push(...texts);
    this.#next.reach();
  }

  halfClose(): void {
    this.#ended = true;
    this.#next.reach();
  }

  async read(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) {
      const { done, value } = await this.#replies.next();
      texts.push(done === true ? raise(`ended after ${JSON.stringify(texts)}`) : value.text);
    }
    return texts;
  }

  /** Reads until a text comes. @returns all before it */
  async readUntil(text: string): Promise<string[]> {
    const texts: string[] = [];
    for (;;) {
      const [next = ""] = await this.read(1);
      if (next === text) return texts;
      texts.push(next);
    }
  }

  async *#requests() {
    for (;;) {
      this.#next = signpost();
      for (const text of this.#queue.splice(0)) yield { text };
      if (this.#ended) return;
      if (this.#queue.length === 0) await this.#next.reached;
    }
  }
}

async function join(port: number, member: string): Promise<Speaker> {
  const speaker = new Speaker(port, member);
  await speaker.read(1);
  return speaker;
}

const numbered = (count: number, prefix = "") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

test("a member whose process is killed has left", async () => {
  const { port } = await startServer();
  const ada = await join(port, "ada");
  const grace = startChild(program("member"), `127.0.0.1:${port}`, "grace");
  expect(await ada.read(2)).toEqual(["+grace", "grace: hello"]);
  await grace.kill();
  expect(await ada.read(1)).toEqual(["-grace"]);
});

test("readers that stall are dropped, delay nobody and take no memory", async () => {
  const { port, child } = await startServer({ limits: { backlog: 100 }, sendTimeoutMs: 1000 });
  const ada = await join(port, "ada");
  const grace = await join(port, "grace");
  const memory = async () => {
    child.process.send("memory");
    return Number(await child.next());
  };
  const path = "/runtime.test.Echo/Bidi";
  const stalled = numbered(10).map((number) =>
    rawCall(port, path, { headers: { member: `stalled${number}` }, read: false }),
  );
  await Promise.all(stalled.map(({ headers }) => headers));
  await ada.read(11);
  const before = await memory();
  const text = "x".repeat(1000);
  let left = 0;
  // In portions, so that those who read keep up: 20 MB for each of 12 members.
  for (let count = 0; count < 400; count += 1) {
    ada.say(...Array.from({ length: 50 }, () => text), `end ${count}`);
    const seen = await grace.readUntil(`ada: end ${count}`);
    left += seen.filter((line) => line.startsWith("-stalled")).length;
    await ada.readUntil(`ada: end ${count}`);
  }
  expect(left).toBe(10);
  expect((await memory()) - before).toBeLessThan(64 * 2 ** 20);
  // The calls themselves end when nobody has read for the timeout.
  await Promise.all(stalled.map(({ outcome }) => outcome));
});

test("a server that stops says so to its members, and ends", async () => {
  const { port, child } = await startServer();
  const ada = await join(port, "ada");
  ada.say("last words");
  expect(await ada.read(1)).toEqual(["ada: last words"]);
  const told = failure(ada.read(1));
  child.process.kill("SIGTERM");
  expect(await told).toMatchObject({ code: "UNAVAILABLE", rawMessage: /join again/ });
  expect(await child.exited).toBe(0);
});

describe("two servers with one Redis", { tags: "redis-server" }, () => {
  test("share a room: one order, nothing lost or twice, presence, history", async () => {
    const redis = await startRedis();
    const [one, two] = await Promise.all([
      startServer({ redis: redis.url }),
      startServer({ redis: redis.url }),
    ]);
    const ada = await join(one.port, "ada");
    const grace = new Speaker(two.port, "grace");
    expect(await grace.read(1)).toEqual(["*ada grace"]);
    expect(await ada.read(1)).toEqual(["+grace"]);
    const count = 500;
    ada.say(...numbered(count));
    grace.say(...numbered(count));
    const [seenByAda, seenByGrace] = await Promise.all([
      ada.read(2 * count),
      grace.read(2 * count),
    ]);
    expect(seenByGrace).toEqual(seenByAda);
    for (const name of ["ada", "grace"]) {
      const own = seenByAda.filter((text) => text.startsWith(`${name}: `));
      expect(own).toEqual(numbered(count, `${name}: `));
    }
    grace.halfClose();
    expect(await ada.read(1)).toEqual(["-grace"]);
    const late = await join(two.port, "kim");
    expect(await late.read(100)).toEqual(seenByAda.slice(-100));
  });

  test("keep their members through a crash of Redis, and share again", async () => {
    const redis = await startRedis();
    const [one, two] = await Promise.all([
      startServer({ redis: redis.url }),
      startServer({ redis: redis.url }),
    ]);
    const [ada, grace] = [await join(one.port, "ada"), await join(two.port, "grace")];
    expect(await ada.read(1)).toEqual(["+grace"]);
    await redis.kill();
    ada.say("only on one");
    expect(await ada.read(1)).toEqual(["ada: only on one"]);
    await redis.restart();
    // Both servers come back by themselves; until then, messages stay where they were written.
    const seen = grace.read(1);
    let arrived = false;
    seen.then(() => {
      arrived = true;
    });
    while (!arrived) {
      ada.say("again");
      await ada.read(1);
    }
    expect(await seen).toEqual(["ada: again"]);
  });
});
