import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { ChatCaller, clientOf } from "./chat-caller.ts";
import { startApp } from "./start-app.ts";

test("members are told when the server stops, after what was written", async () => {
  const app = await startApp({ config: { shutdownGraceMs: 60_000 } });
  const ada = new ChatCaller(await clientOf(app, "ada"), { room: "lobby" });
  const grace = new ChatCaller(await clientOf(app, "grace"), { room: "lobby" });
  await ada.next();
  await grace.next();
  grace.say("last words");
  expect(await grace.texts(1)).toEqual(["grace: last words"]);

  const stopped = app.stop();
  expect(await ada.texts(2)).toEqual(["* grace has joined", "grace: last words"]);
  for (const caller of [ada, grace]) {
    expect(await failureOf(caller.next())).toMatchObject({
      code: "UNAVAILABLE",
      rawMessage: "the server stops: join again",
    });
  }
  await stopped; // long before the grace period is over
  await app.close();
});

test("an echo may finish when the server stops", async () => {
  const app = await startApp({ config: { shutdownGraceMs: 60_000 } });
  const ada = new ChatCaller(await clientOf(app, "ada"));
  ada.say("one");
  await ada.next();
  const stopped = app.stop();
  ada.say("two");
  expect(await ada.next()).toMatchObject({ content: "two" });
  ada.halfClose();
  expect(await ada.rest()).toEqual([]);
  await stopped;
  await app.close();
});
