import { failureOf } from "grpc-service/testing";
import { afterEach, expect, test } from "vitest";
import { ChatCaller, clientOf } from "../../chat-caller.ts";
import { startApp } from "../../start-app.ts";

type App = Awaited<ReturnType<typeof startApp>>;

const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function start(variables: Record<string, string>): Promise<App> {
  const app = await startApp({ variables });
  apps.push(app);
  return app;
}

async function open(app: App, subject: string, room = "lobby"): Promise<ChatCaller> {
  return new ChatCaller(await clientOf(app, subject), { room });
}

test("refuses who comes into a full room", async () => {
  const app = await start({ CHAT_MEMBERS: "1" });
  const ada = await open(app, "ada");
  await ada.next();
  const refused = await open(app, "grace");
  expect(await failureOf(refused.next())).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  ada.halfClose();
  await ada.rest();
  await expect((await open(app, "grace")).next()).resolves.toMatchObject({ memberCount: 1 });
});

test("refuses further calls of a caller that has too many", async () => {
  const app = await start({ CHAT_CALLS_PER_MEMBER: "1" });
  const ada = await open(app, "ada");
  await ada.next();
  const refused = await open(app, "ada", "kitchen");
  expect(await failureOf(refused.next())).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  await expect((await open(app, "grace")).next()).resolves.toMatchObject({ memberCount: 2 });
});

test("has room for a new room when nobody is in another", async () => {
  const app = await start({ CHAT_ROOMS: "1" });
  const ada = await open(app, "ada");
  await ada.next();
  const refused = await open(app, "grace", "kitchen");
  expect(await failureOf(refused.next())).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  ada.halfClose();
  await ada.rest();
  await expect((await open(app, "grace", "kitchen")).next()).resolves.toBeDefined();
});

test("sends the history up to the limit", async () => {
  const app = await start({ CHAT_HISTORY: "2" });
  const ada = await open(app, "ada");
  ada.say("one", "two", "three");
  await ada.texts(4);
  const grace = await open(app, "grace");
  expect(await grace.texts(3)).toEqual(["* 2 are here", "ada: two", "ada: three"]);
});

test("lets messages wait that come faster than allowed", async () => {
  const app = await start({ CHAT_MESSAGES_PER_SECOND: "10" });
  const ada = await open(app, "ada");
  await ada.next();
  const began = performance.now();
  const count = 25; // 20 of them at once
  ada.say(...Array.from({ length: count }, (_, index) => `${index}`));
  expect(await ada.texts(count)).toHaveLength(count);
  expect(performance.now() - began).toBeGreaterThan(400);
});

test.each(["0", "many"])("refuses CHAT_MEMBERS=%s at start", async (value) => {
  await expect(start({ CHAT_MEMBERS: value })).rejects.toThrow(/^CHAT_MEMBERS must be /);
});
