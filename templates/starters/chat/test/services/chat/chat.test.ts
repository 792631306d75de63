import { failureOf, invalidFields } from "grpc-service/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ChatServiceClient } from "../../../src/gen/chat_client.ts";
import { ChatEvent } from "../../../src/gen/chat_pb.ts";
import { ChatCaller, clientOf } from "../../chat-caller.ts";
import { startApp } from "../../start-app.ts";

let app: Awaited<ReturnType<typeof startApp>>;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

/** A call that has joined, with its WELCOME still to be read. */
async function call(subject: string, metadata: Record<string, string> = { room: "lobby" }) {
  return new ChatCaller(await clientOf(app, subject), metadata);
}

/** A call that has joined and read its WELCOME. */
async function join(subject: string, metadata?: Record<string, string>): Promise<ChatCaller> {
  const caller = await call(subject, metadata);
  await caller.next();
  return caller;
}

test("without a room, echoes each message before the next is sent", async () => {
  const caller = await call("ada", {});
  for (const content of ["hello", "안녕하세요", ""]) {
    caller.send({ content, sender: "somebody" });
    expect(await caller.next()).toMatchObject({ content, sender: "", room: "", id: "" });
  }
  caller.halfClose();
  expect(await caller.rest()).toEqual([]);
});

test("in a room, says who is there, who has written what and when", async () => {
  const ada = await join("ada");
  const grace = await call("grace");
  const before = Date.now();
  expect(await grace.next()).toMatchObject({
    event: ChatEvent.WELCOME,
    content: "2 are here",
    room: "lobby",
    members: ["ada", "grace"],
    memberCount: 2,
  });
  expect(await ada.next()).toMatchObject({ event: ChatEvent.JOINED, sender: "grace" });
  grace.say("독서");
  for (const caller of [ada, grace]) {
    const message = await caller.next();
    expect(message).toMatchObject({
      event: ChatEvent.MESSAGE,
      content: "독서",
      sender: "grace",
      room: "lobby",
    });
    expect(message.id).toMatch(/^\d+-\d+$/);
    expect(Number(message.sentAt?.seconds)).toBeGreaterThanOrEqual(Math.floor(before / 1000));
  }
});

test("the sender is the caller of the token, whatever the message says", async () => {
  const ada = await join("ada");
  ada.send({ content: "hello", sender: "grace", id: "9-9" });
  expect(await ada.next()).toMatchObject({ sender: "ada", id: expect.not.stringMatching(/^9-9$/) });
});

test("both directions are independent", async () => {
  const ada = await join("ada");
  const grace = await join("grace");
  grace.say("one", "two", "three");
  expect(await ada.texts(4)).toEqual([
    "* grace has joined",
    "grace: one",
    "grace: two",
    "grace: three",
  ]);
  ada.say("I only read until now");
  expect(await grace.texts(4)).toEqual([
    ...["grace: one", "grace: two", "grace: three"],
    "ada: I only read until now",
  ]);
});

test("all members see one order, whoever writes at the same time", async () => {
  const names = ["ada", "grace", "kim"];
  const callers = await Promise.all(names.map((name) => join(name)));
  callers.forEach((caller, index) => {
    caller.say(...Array.from({ length: 15 }, (_, number) => `${names[index]} ${number}`));
  });
  const seen = await Promise.all(
    callers.map(async (caller) => {
      const messages: string[] = [];
      while (messages.length < 45) {
        const { event, content } = await caller.next();
        if (event === ChatEvent.MESSAGE) messages.push(content);
      }
      return messages;
    }),
  );
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  // And each member's own order is kept.
  const own = seen[0]?.filter((content) => content.startsWith("ada "));
  expect(own).toEqual(Array.from({ length: 15 }, (_, number) => `ada ${number}`));
});

test("the half-close leaves after everything that was sent", async () => {
  const ada = await join("ada");
  const grace = await join("grace");
  ada.say("bye", "everybody");
  ada.halfClose();
  expect(await ada.rest()).toEqual(["* grace has joined", "ada: bye", "ada: everybody"]);
  expect(await grace.texts(3)).toEqual(["ada: bye", "ada: everybody", "* ada has left"]);
});

test("who joins gets the history, and only what is new with `after`", async () => {
  const ada = await join("ada");
  ada.say("one", "two", "three");
  const first = await ada.next();
  expect(await ada.texts(2)).toEqual(["ada: two", "ada: three"]);
  ada.halfClose();
  await ada.rest();
  const grace = await join("grace");
  expect(await grace.texts(3)).toEqual(["ada: one", "ada: two", "ada: three"]);
  grace.cancel();
  const again = await join("ada", { room: "lobby", after: first.id });
  expect(await again.texts(2)).toEqual(["ada: two", "ada: three"]);
});

test("rooms are apart", async () => {
  const ada = await join("ada");
  const grace = await join("grace", { room: "kitchen" });
  grace.say("in the kitchen");
  expect(await grace.texts(1)).toEqual(["grace: in the kitchen"]);
  ada.halfClose();
  expect(await ada.rest()).toEqual([]);
});

test("a caller with two calls is one member, until the last one ends", async () => {
  const ada = await join("ada");
  const phone = await call("grace");
  expect(await phone.next()).toMatchObject({ memberCount: 2 });
  const laptop = await call("grace");
  expect(await laptop.next()).toMatchObject({ memberCount: 2, members: ["ada", "grace"] });
  phone.cancel();
  await failureOf(phone.next());
  laptop.say("still here");
  laptop.halfClose();
  await laptop.rest();
  expect(await ada.texts(3)).toEqual([
    "* grace has joined",
    "grace: still here",
    "* grace has left",
  ]);
});

test("a caller that cancels has left", async () => {
  const ada = await join("ada");
  const grace = await join("grace");
  grace.cancel();
  expect(await ada.texts(2)).toEqual(["* grace has joined", "* grace has left"]);
});

test.each([
  [{ room: "" }, "room"],
  [{ room: "a b" }, "room"],
  [{ room: "../x" }, "room"],
  [{ room: "x".repeat(65) }, "room"],
])("refuses %j", async (metadata, field) => {
  const failure = await failureOf((await call("ada", metadata)).next());
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual([field]);
});

test("refuses an `after` that is no id", async () => {
  const caller = await call("ada", { room: "lobby", after: "yesterday" });
  expect(await failureOf(caller.next())).toMatchObject({ code: "INVALID_ARGUMENT" });
});

test.each(["", "x".repeat(2001)])(
  "a message that is too short or too long ends the call",
  async (content) => {
    const ada = await join("ada");
    ada.say("good", content, "never sent");
    expect(await ada.texts(1)).toEqual(["ada: good"]);
    const failure = await failureOf(ada.next());
    expect(failure.code).toBe("INVALID_ARGUMENT");
    expect(invalidFields(failure)).toEqual(["content"]);
  },
);

test("refuses a call without a token", async () => {
  const caller = new ChatCaller(app.client(ChatServiceClient, app.anonymous), { room: "lobby" });
  expect(await failureOf(caller.next())).toMatchObject({ code: "UNAUTHENTICATED" });
});
