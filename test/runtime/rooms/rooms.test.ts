import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { createRooms } from "../../../runtime/src/rooms/index.ts";
import { failure } from "../support/echo.ts";
import { unhandled, watchRejections } from "../support/rejections.ts";
import { iterate, join, rest, say, take } from "./support.ts";

describe("a room", () => {
  test("gives all members what one sends, the sender too, in one order", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    const grace = await join(rooms, "r", "grace");
    await Promise.all([say(ada, "a1", "a2"), say(grace, "g1", "g2")]);
    const [first, ...seen] = await take(ada, 5);
    expect(first).toBe("+grace");
    expect(await take(grace, 4)).toEqual(seen);
    expect(seen.filter((text) => text.startsWith("ada"))).toEqual(["ada: a1", "ada: a2"]);
  });

  test("tells who is there, and who comes and goes", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    expect(ada.present).toEqual({ names: ["ada"], count: 1 });
    const grace = await join(rooms, "r", "grace");
    expect(grace.present).toEqual({ names: ["ada", "grace"], count: 2 });
    await grace.return();
    expect(await take(ada, 2)).toEqual(["+grace", "-grace"]);
  });

  test("announces nobody when it is large", async () => {
    const rooms = createRooms({ limits: { announceUpTo: 2 } });
    const ada = await join(rooms, "r", "ada");
    await join(rooms, "r", "grace");
    const kim = await join(rooms, "r", "kim");
    expect(kim.present).toEqual({ names: ["ada", "grace", "kim"], count: 3 });
    await say(kim, "here");
    expect(await take(ada, 2)).toEqual(["+grace", "kim: here"]);
  });

  test("counts a caller with several calls once", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    const [phone, laptop] = [await join(rooms, "r", "grace"), await join(rooms, "r", "grace")];
    expect(laptop.present.count).toBe(2);
    await phone.return();
    await say(laptop, "still here");
    await laptop.return();
    expect(await take(ada, 3)).toEqual(["+grace", "grace: still here", "-grace"]);
  });

  test("gives its history to who joins later, also when nobody was there meanwhile", async () => {
    const rooms = createRooms({ limits: { history: 2 } });
    const ada = await join(rooms, "r", "ada");
    await say(ada, "1", "2", "3");
    await ada.return();
    const grace = await join(rooms, "r", "grace");
    await say(grace, "4");
    expect(await take(grace, 3)).toEqual(["ada: 2", "ada: 3", "grace: 4"]);
  });

  test("gives what is behind `after`", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    await say(ada, "1", "2");
    const { value } = await ada.next();
    const after = value?.kind === "message" ? value.id : "";
    expect(await take(await join(rooms, "r", "grace", { after }), 1)).toEqual(["ada: 2"]);
    expect(await failure(join(rooms, "r", "kim", { after: "x" }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("drops a member that is too far behind, and nobody waits for it", async () => {
    const limits = { backlog: 10, messagesPerSecond: 1e6, burst: 1e6 };
    const rooms = createRooms({ limits });
    const ada = await join(rooms, "r", "ada");
    const slow = await join(rooms, "r", "slow");
    for (let count = 0; count < 9; count += 1) {
      await say(ada, `${count}`);
      await take(ada, count === 0 ? 2 : 1);
    }
    await say(ada, "one too many");
    // It has left before it reads again.
    expect(await take(ada, 2)).toEqual(["ada: one too many", "-slow"]);
    expect(await failure(slow.next())).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    expect((await join(rooms, "r", "kim")).present.names).toEqual(["ada", "kim"]);
  });
});

describe("a member", () => {
  test("sends and reads at the same time, and ends after its last message", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    const grace = await join(rooms, "r", "grace");
    expect(await rest(grace.exchange(iterate("1", "2")))).toEqual(["grace: 1", "grace: 2"]);
    expect(await take(ada, 4)).toEqual(["+grace", "grace: 1", "grace: 2", "-grace"]);
  });

  test("ends with what its texts fail with, after what was sent", async () => {
    const ada = await join(createRooms(), "r", "ada");
    const broken = new Error("broken");
    async function* texts() {
      yield "1";
      throw broken;
    }
    ada.exchange(texts());
    expect(await take(ada, 1)).toEqual(["ada: 1"]);
    expect(await failure(ada.next())).toBe(broken);
  });

  test("leaves when its call ends, whatever it does then", async () => {
    watchRejections();
    const rooms = createRooms({ limits: { messagesPerSecond: 0.001, burst: 1 } });
    const ada = await join(rooms, "r", "ada");
    const call = new AbortController();
    const grace = await join(rooms, "r", "grace", { signal: call.signal });
    grace.exchange(iterate("1", "waits for its pace"));
    expect(await take(grace, 1)).toEqual(["grace: 1"]);
    const pending = grace.next();
    call.abort(new GrpcError("CANCELLED", "gone"));
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await take(ada, 3)).toEqual(["+grace", "grace: 1", "-grace"]);
    await expect(grace.send("late")).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(await unhandled()).toEqual([]);
  });

  test("of a call that has ended does not join", async () => {
    const rooms = createRooms({ limits: { members: 1 } });
    const gone = new GrpcError("CANCELLED", "gone");
    expect(await failure(join(rooms, "r", "ada", { signal: AbortSignal.abort(gone) }))).toBe(gone);
    const call = new AbortController();
    const joining = join(rooms, "r", "ada", { signal: call.signal });
    call.abort(gone);
    expect(await failure(joining)).toBe(gone);
    await join(rooms, "r", "grace"); // the place is free
  });

  test("is iterated over by one", async () => {
    const ada = await join(createRooms(), "r", "ada");
    const pending = ada.next();
    expect(await failure(ada.next())).toMatchObject({ message: /pending/ });
    await say(ada, "1");
    expect(await pending).toMatchObject({ value: { text: "1" } });
  });
});

describe("rooms", () => {
  test("refuse more calls than allowed in one, and more rooms", async () => {
    const rooms = createRooms({ limits: { members: 1, rooms: 2 } });
    const ada = await join(rooms, "r", "ada");
    const full = { code: "RESOURCE_EXHAUSTED" };
    expect(await failure(join(rooms, "r", "grace"))).toMatchObject(full);
    await join(rooms, "s", "grace");
    expect(await failure(join(rooms, "t", "kim"))).toMatchObject(full);
    await say(ada, "forgotten soon");
    await ada.return();
    await join(rooms, "t", "kim"); // takes the place of r
    expect(await failure(join(rooms, "r", "ada"))).toMatchObject(full);
  });

  test("refuse more calls of one member than allowed, in all rooms together", async () => {
    const rooms = createRooms({ limits: { callsPerMember: 2, rooms: 3, members: 2 } });
    const first = await join(rooms, "r", "ada");
    await join(rooms, "s", "ada");
    const refused = { code: "RESOURCE_EXHAUSTED", rawMessage: "you are in rooms with 2 calls" };
    expect(await failure(join(rooms, "r", "ada"))).toMatchObject(refused);
    expect(await failure(join(rooms, "t", "ada"))).toMatchObject(refused);
    // Neither a place in a room nor a room is taken by what was refused.
    await join(rooms, "r", "grace");
    await join(rooms, "t", "grace");
    await first.return();
    await join(rooms, "t", "ada");
  });

  test("count no call that did not join", async () => {
    const rooms = createRooms({ limits: { callsPerMember: 1, rooms: 1, members: 1 } });
    const grace = await join(rooms, "r", "grace");
    const full = { code: "RESOURCE_EXHAUSTED" };
    expect(await failure(join(rooms, "r", "ada"))).toMatchObject(full);
    expect(await failure(join(rooms, "s", "ada"))).toMatchObject(full);
    await grace.return();
    await join(rooms, "r", "ada");
  });

  test("do not let a member send faster by joining again", async () => {
    const rooms = createRooms({ limits: { messagesPerSecond: 20, burst: 3 } });
    const began = performance.now();
    for (let count = 0; count < 8; count += 1) {
      const ada = await join(rooms, "r", "ada");
      await say(ada, "again");
      await ada.return();
    }
    expect(performance.now() - began).toBeGreaterThan(240);
  });

  test("keep so much memory: the largest room gives way", async () => {
    const limits = { bytes: 100_000, backlogCharacters: 8_000, messagesPerSecond: 1_000_000 };
    const rooms = createRooms({ limits });
    const small = await join(rooms, "small", "ada");
    await say(small, "stays");
    const slow = await join(rooms, "0", "grace");
    for (let room = 0; room < 10; room += 1) {
      for (let count = 0; count < 8; count += 1) {
        const eve = await join(rooms, String(room), "eve");
        await say(eve, "x".repeat(900));
        await eve.return();
      }
    }
    expect(await take(small, 1)).toEqual(["ada: stays"]);
    const late = await join(rooms, "9", "kim");
    late.end();
    expect((await rest(late)).length).toBeLessThan(8);
    expect(await failure(rest(slow))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  });

  test("end their members when the server stops, after what was written", async () => {
    const rooms = createRooms();
    const ada = await join(rooms, "r", "ada");
    const grace = await join(rooms, "r", "grace");
    await say(ada, "last words");
    expect(await take(grace, 1)).toEqual(["ada: last words"]);
    const waiting = failure(grace.next());
    rooms.drain();
    expect(await waiting).toMatchObject({ code: "UNAVAILABLE" });
    expect(await take(ada, 2)).toEqual(["+grace", "ada: last words"]);
    expect(await failure(ada.next())).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(join(rooms, "r", "kim"))).toMatchObject({ code: "UNAVAILABLE" });
    await rooms.close();
  });
});
