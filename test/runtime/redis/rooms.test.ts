import { describe, expect, test } from "vitest";
import { redisRoomStore } from "../../../runtime/src/redis/room-store.ts";
import { createRooms, type RoomLimits } from "../../../runtime/src/rooms/index.ts";
import type { Redis as RedisServer } from "../../ops/services/redis.ts";
import { join, say, take } from "../rooms/support.ts";
import { cleanUp, failure } from "../support/echo.ts";
import { answers, connect, startServer } from "./support/connect.ts";

const fast = { messagesPerSecond: 1e6, burst: 1e6 };

/** The rooms of one server, closed after the test. */
async function roomsOf(url: string, limits: Partial<RoomLimits> = {}, keptMs?: number) {
  const { redis } = await connect(url);
  const store = redisRoomStore(redis, keptMs === undefined ? {} : { keptMs });
  const rooms = createRooms({ store, limits: { ...fast, ...limits } });
  cleanUp(() => rooms.close());
  return { redis, rooms };
}

async function twoServers(limits?: Partial<RoomLimits>) {
  const server = await startServer();
  const [one, two] = [await roomsOf(server.url, limits), await roomsOf(server.url, limits)];
  return { server, one, two };
}

/** The text of message number n, and all up to it. */
const numbered = (count: number, prefix = "") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe("rooms in Redis", { tags: "redis-server" }, () => {
  test("share messages in one order, history and presence", async () => {
    const { server, one, two } = await twoServers();
    const ada = await join(one.rooms, "r", "ada");
    const grace = await join(two.rooms, "r", "grace");
    expect(grace.present).toEqual({ names: ["ada", "grace"], count: 2 });
    await Promise.all([say(ada, ...numbered(100)), say(grace, ...numbered(100))]);
    expect(await take(ada, 1)).toEqual(["+grace"]);
    const seen = await take(ada, 200);
    expect(await take(grace, 200)).toEqual(seen);
    expect(seen.filter((text) => text.startsWith("ada"))).toEqual(numbered(100, "ada: "));
    await grace.return();
    expect(await take(ada, 1)).toEqual(["-grace"]);
    const kim = await join(two.rooms, "r", "kim");
    expect(await take(kim, 100)).toEqual(seen.slice(-100));
    expect((await server.cli("keys", "*")).split("\n").sort()).toEqual([
      ...["shop:room-members:r", "shop:room:r"],
    ]);
  });

  test("take any text and any name", async () => {
    const { one, two } = await twoServers();
    const name = 'a "b" 홍길동\n{x}:y';
    const ada = await join(one.rooms, "r:present", name);
    const grace = await join(two.rooms, "r:present", "grace");
    expect(grace.present.names).toContain(name);
    await say(ada, "독서 \0 \\ \n 👩‍💻");
    expect(await take(grace, 1)).toEqual([`${name}: 독서 \0 \\ \n 👩‍💻`]);
    await ada.return();
    expect(await take(grace, 1)).toEqual([`-${name}`]);
  });

  test("miss nothing and repeat nothing when connections are lost", async () => {
    const { server, one, two } = await twoServers();
    const ada = await join(one.rooms, "r", "ada");
    const grace = await join(two.rooms, "r", "grace");
    await take(ada, 1);
    const count = 300;
    const sending = (async () => {
      for (const text of numbered(count)) {
        // What the store takes; a message that it does not take stays here, which another test covers.
        await answers(one.redis);
        await ada.send(text);
        if (Number(text) % 50 === 25) await killConnectionOf(server, two.redis.name);
      }
    })();
    const seen = await take(grace, count);
    await sending;
    expect(new Set(seen).size).toBe(count);
    const own = await take(ada, count);
    expect(new Set(own).size).toBe(count);
  });

  test("go on without Redis, and share again when it is back", async () => {
    const { server, one, two } = await twoServers();
    const ada = await join(one.rooms, "r", "ada");
    const grace = await join(one.rooms, "r", "grace");
    const far = await join(two.rooms, "r", "far");
    expect(await take(grace, 1)).toEqual(["+far"]);
    await server.kill();
    await say(ada, "only here");
    expect(await take(grace, 1)).toEqual(["ada: only here"]);
    await server.restart();
    await Promise.all([answers(one.redis), answers(two.redis)]);
    await say(ada, "everywhere");
    expect(await take(grace, 1)).toEqual(["ada: everywhere"]);
    expect(await take(far, 1)).toEqual(["ada: everywhere"]);
    // Presence was lost with Redis, and is there again.
    expect((await join(two.rooms, "r", "kim")).present.names).toEqual([
      ...["ada", "far", "grace", "kim"],
    ]);
  });

  test("go on while Redis hangs, and give no message twice when it is back", async () => {
    const { server, one } = await twoServers();
    const ada = await join(one.rooms, "r", "ada");
    server.pause();
    await say(ada, "1", "2", "3", "4");
    server.resume();
    await answers(one.redis);
    await say(ada, "5");
    expect(await take(ada, 5)).toEqual(["1", "2", "3", "4", "5"].map((text) => `ada: ${text}`));
    // Whatever Redis has stored of the first four: nothing more comes.
    await say(ada, "6");
    expect(await take(ada, 1)).toEqual(["ada: 6"]);
  });

  test("end when nobody writes any more", async () => {
    const server = await startServer();
    const { rooms } = await roomsOf(server.url, {}, 50);
    const ada = await join(rooms, "r", "ada");
    await say(ada, "1");
    await ada.return();
    await expect.poll(() => server.cli("exists", "shop:room:r")).toBe("0");
  });

  test("keep no more than twice the backlog in Redis", async () => {
    const server = await startServer("--stream-node-max-entries", "10");
    const { rooms } = await roomsOf(server.url, { backlog: 50 });
    const ada = await join(rooms, "r", "ada");
    for (const text of numbered(300)) {
      await say(ada, text);
      await take(ada, 1);
    }
    expect(Number(await server.cli("xlen", "shop:room:r"))).toBeLessThanOrEqual(110);
  });

  test("tell who was on a server that is gone", async () => {
    const { server, one, two } = await twoServers();
    const ada = await join(one.rooms, "r", "ada");
    await join(two.rooms, "r", "grace");
    expect(await take(ada, 1)).toEqual(["+grace"]);
    // As if its server had not kept it for half a minute.
    const entries = (await server.cli("zrange", "shop:room-members:r", "0", "-1")).split("\n");
    const entry = entries.find((text) => text.endsWith(" grace")) ?? "";
    await server.cli("zadd", "shop:room-members:r", "1", entry);
    const kim = await join(one.rooms, "r", "kim");
    expect(kim.present.names).toEqual(["ada", "kim"]);
    expect((await take(ada, 2)).sort()).toEqual(["+kim", "-grace"]);
  });

  test("survive what somebody else writes into their keys", async () => {
    const { server, one } = await twoServers();
    await server.cli("xadd", "shop:room:r", "*", "x", "y");
    await server.cli("xadd", "shop:room:r", "*", "m", "{");
    await server.cli("publish", "shop:rooms", "nonsense");
    const ada = await join(one.rooms, "r", "ada");
    await say(ada, "1");
    expect(await take(ada, 1)).toEqual(["ada: 1"]);
  });

  test("are refused like those of one server", async () => {
    const { one } = await twoServers({ members: 1 });
    await join(one.rooms, "r", "ada");
    expect(await failure(join(one.rooms, "r", "grace"))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
    });
  });
});

/** Ends one of the connections of that name, in Redis. */
async function killConnectionOf(server: RedisServer, name: string): Promise<void> {
  const clients = (await server.cli("client", "list")).split("\n");
  const ids = clients.filter((line) => line.includes(` name=${name} `));
  const id = /^id=(\d+)/.exec(ids.at(-1) ?? "")?.[1];
  if (id !== undefined) await server.cli("client", "kill", "id", id);
}
