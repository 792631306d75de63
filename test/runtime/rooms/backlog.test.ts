import { describe, expect, test } from "vitest";
import { Backlog } from "../../../runtime/src/rooms/backlog.ts";
import { defaultRoomLimits, type RoomEvent } from "../../../runtime/src/rooms/index.ts";
import { firstId, parseMessageId } from "../../../runtime/src/rooms/message-id.ts";

const message = (number: number, text = "x"): RoomEvent => ({
  ...{ kind: "message", room: "r", id: `1-${number}`, member: "", atMs: 0, text },
});
const joined: RoomEvent = { kind: "joined", room: "r", member: "", atMs: 0 };

function backlogOf(limits: Partial<typeof defaultRoomLimits>, ...events: RoomEvent[]): Backlog {
  const backlog = new Backlog({ ...defaultRoomLimits, ...limits });
  for (const event of events) backlog.add(event);
  return backlog;
}

/** What a member that begins to read at `start` gets. */
function ids(backlog: Backlog, start: number): string[] {
  const found: string[] = [];
  for (let position = start; position < backlog.end; position += 1) {
    const event = backlog.at(position);
    if (event?.kind === "message") found.push(event.id);
  }
  return found;
}

describe("a backlog", () => {
  test("keeps the latest events, at positions that stay", () => {
    const events = [1, 2, 3, 4, 5].map((number) => message(number));
    const backlog = backlogOf({ backlog: 3 }, ...events);
    expect([backlog.first, backlog.end]).toEqual([2, 5]);
    expect([1, 2, 4, 5].map((position) => backlog.at(position))).toEqual([
      ...[undefined, events[2], events[4], undefined],
    ]);
  });

  test("keeps so many characters, and at least the last event", () => {
    const backlog = backlogOf({ backlogCharacters: 10 }, message(1, "12345"), message(2, "12345"));
    expect(backlog.first).toBe(0);
    backlog.add(message(3, "1"));
    expect(backlog.first).toBe(1);
    backlog.add(message(4, "x".repeat(100)));
    expect([backlog.first, backlog.end]).toEqual([3, 4]);
    backlog.add(message(5));
    expect([backlog.first, backlog.end]).toEqual([4, 5]);
  });

  test("begins with the latest messages, other events not counted", () => {
    const backlog = backlogOf({ history: 2 }, message(1), message(2), joined, message(3), joined);
    expect(ids(backlog, backlog.startOf(undefined))).toEqual(["1-2", "1-3"]);
  });

  test("begins behind the message that a member has", () => {
    const backlog = backlogOf({ history: 2 }, message(1), message(2), joined, message(3), joined);
    const behind = (id: string) => ids(backlog, backlog.startOf(parseMessageId(id)));
    expect(behind("1-2")).toEqual(["1-3"]);
    expect(behind("1-3")).toEqual([]);
    expect(behind("9-0")).toEqual([]);
    expect(behind("0-5")).toEqual(["1-2", "1-3"]); // no more than the history
  });

  test("knows the last message", () => {
    expect(backlogOf({}).lastId).toEqual(firstId);
    expect(backlogOf({}, message(7), joined).lastId).toEqual({ ms: 1, number: 7, local: 0 });
  });
});
