import { describe, expect, test } from "vitest";
import { createRooms, type RoomLimits, type Rooms } from "../../../runtime/src/rooms/index.ts";
import { cleanUp, failure, raise, signpost } from "../support/echo.ts";
import { FakeStore, type Server } from "./fake-store.ts";
import { iterate, join, rest, say, take } from "./support.ts";

/** Servers with one store, closed after the test. */
function serversOf(store: FakeStore, limits: Partial<RoomLimits> = {}): [Rooms, Rooms] {
  const open = () => {
    const rooms = createRooms({ store, limits: { messagesPerSecond: 1000, ...limits } });
    cleanUp(() => rooms.close());
    return rooms;
  };
  return [open(), open()];
}

function serverOf(store: FakeStore, index: number): Server {
  return store.servers[index] ?? raise("no such server");
}

describe("rooms with a store", () => {
  test("have one order on all servers", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store);
    const [ada, grace] = [await join(one, "r", "ada"), await join(two, "r", "grace")];
    await Promise.all([say(ada, "1", "2", "3"), say(grace, "1", "2", "3")]);
    const seen = await take(ada, 6);
    expect(await take(grace, 6)).toEqual(seen);
    expect(seen).toEqual(store.messages.map(({ member, text }) => `${member}: ${text}`));
  });

  test("end a member behind its own last message", async () => {
    const [one] = serversOf(new FakeStore());
    const ada = await join(one, "r", "ada");
    expect(await rest(ada.exchange(iterate("1", "2")))).toEqual(["ada: 1", "ada: 2"]);
  });

  test("give the history of the store, once", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store, { history: 3 });
    const ada = await join(one, "r", "ada");
    await say(ada, "1", "2", "3", "4");
    const { reached, reach } = signpost();
    serverOf(store, 1).beforeRead = () => reached;
    const joining = join(two, "r", "grace");
    await say(ada, "while grace joins");
    reach();
    const grace = await joining;
    await say(ada, "after");
    const history = ["ada: 3", "ada: 4", "ada: while grace joins"];
    expect(await take(grace, 4)).toEqual([...history, "ada: after"]);
  });

  test("read what they have missed before what has come since, each message once", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store);
    const [ada, grace] = [await join(one, "r", "ada"), await join(two, "r", "grace")];
    await say(ada, "1");
    const server = serverOf(store, 1);
    server.state = "away";
    await say(ada, "2", "3");
    const { reached, reach } = signpost();
    server.beforeRead = () => reached;
    const connected = server.connect();
    await say(ada, "4"); // heard before the answer
    reach();
    await connected;
    await say(ada, "5");
    const all = ["1", "2", "3", "4", "5"].map((text) => `ada: ${text}`);
    expect(await take(grace, 5)).toEqual(all);
    expect(await take(ada, 5)).toEqual(all);
    expect([...server.kept]).toEqual([["r", ["grace"]]]);
  });

  test("end their members if they have missed more than they keep", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store, { backlog: 5, burst: 100 });
    const [ada, grace] = [await join(one, "r", "ada"), await join(two, "r", "grace")];
    await say(ada, "1");
    await take(grace, 1);
    serverOf(store, 1).state = "away";
    for (const text of ["2", "3", "4", "5", "6", "7"]) {
      await say(ada, text);
      await take(ada, 1);
    }
    await serverOf(store, 1).connect();
    expect(await failure(grace.next())).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("go on without the store, and with it again", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store);
    const [ada, far] = [await join(one, "r", "ada"), await join(two, "r", "far")];
    serverOf(store, 0).state = "away";
    const grace = await join(one, "r", "grace");
    expect(grace.present.names).toEqual(["ada", "grace"]);
    await say(ada, "only here");
    await say(far, "meanwhile");
    await serverOf(store, 0).connect();
    await say(ada, "everywhere");
    await grace.return();
    expect(await take(ada, 4)).toEqual([
      ...["+grace", "ada: only here", "far: meanwhile", "ada: everywhere"],
    ]);
    expect(await take(far, 2)).toEqual(["far: meanwhile", "ada: everywhere"]);
  });

  test("give a message once that was stored although the store did not answer", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store);
    const [ada, far] = [await join(one, "r", "ada"), await join(two, "r", "far")];
    serverOf(store, 0).state = "mute";
    await say(ada, "1");
    await serverOf(store, 0).connect();
    await say(ada, "2");
    expect(await take(ada, 2)).toEqual(["ada: 1", "ada: 2"]);
    expect(await take(far, 2)).toEqual(["ada: 1", "ada: 2"]);
  });

  test("that were opened without the store get their history when it is there", async () => {
    const store = new FakeStore();
    const [one, two] = serversOf(store);
    await say(await join(one, "r", "ada"), "1");
    serverOf(store, 1).state = "away";
    const grace = await join(two, "r", "grace");
    await serverOf(store, 1).connect();
    expect(await take(grace, 1)).toEqual(["ada: 1"]);
  });

  test("are forgotten when nobody of the server is in them", async () => {
    const store = new FakeStore();
    const [one] = serversOf(store, { rooms: 1 });
    const ada = await join(one, "r", "ada");
    await say(ada, "1");
    await ada.return();
    await (await join(one, "other", "ada")).return();
    expect(await take(await join(one, "r", "ada"), 1)).toEqual(["ada: 1"]);
  });
});
