import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { ChatCaller, clientOf } from "./chat-caller.ts";
import { startApp } from "./start-app.ts";

/** A Redis server, such as redis://127.0.0.1:6379. Without it, only what happens without Redis is tested. */
const url = process.env.TEST_REDIS_URL;

type App = Awaited<ReturnType<typeof startApp>>;

const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function start(REDIS_URL: string): Promise<App> {
  const app = await startApp({ variables: { REDIS_URL } });
  await app.dependencies.redis?.tried;
  apps.push(app);
  return app;
}

async function open(app: App, subject: string, room: string): Promise<ChatCaller> {
  return new ChatCaller(await clientOf(app, subject), { room });
}

describe.skipIf(url === undefined)("two servers with one Redis", () => {
  test("share rooms: presence, messages in one order, history", async () => {
    const [one, two] = [await start(url ?? ""), await start(url ?? "")];
    const room = randomUUID();
    const ada = await open(one, "ada", room);
    await ada.next();
    const grace = await open(two, "grace", room);
    expect(await grace.next()).toMatchObject({ members: ["ada", "grace"] });
    expect(await ada.texts(1)).toEqual(["* grace has joined"]);

    ada.say("a1", "a2", "a3");
    grace.say("g1", "g2", "g3");
    const seen = await ada.texts(6);
    expect(await grace.texts(6)).toEqual(seen);
    expect(seen.filter((text) => text.startsWith("ada"))).toEqual([
      "ada: a1",
      "ada: a2",
      "ada: a3",
    ]);

    grace.halfClose();
    await grace.rest();
    expect(await ada.texts(1)).toEqual(["* grace has left"]);
    const late = await open(two, "kim", room);
    await late.next();
    expect(await late.texts(6)).toEqual(seen);
  });
});

test("without Redis, the members of one server go on", async () => {
  const app = await start("redis://127.0.0.1:1");
  const ada = await open(app, "ada", "lobby");
  await ada.next();
  const grace = await open(app, "grace", "lobby");
  expect(await grace.next()).toMatchObject({ members: ["ada", "grace"] });
  grace.say("anybody?");
  expect(await ada.texts(2)).toEqual(["* grace has joined", "grace: anybody?"]);
});
