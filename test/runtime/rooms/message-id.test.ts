import { describe, expect, test } from "vitest";
import {
  firstId,
  formatMessageId,
  isLater,
  nextId,
  nextLocalId,
  parseMessageId,
} from "../../../runtime/src/rooms/message-id.ts";

const id = (text: string) => {
  const parsed = parseMessageId(text);
  if (parsed === undefined) throw new Error(`${text} is no id`);
  return parsed;
};

describe("ids of messages", () => {
  test.each(["0-0", "1700000000000-3", "1700000000000-3.12"])("%s is read and written", (text) => {
    expect(formatMessageId(id(text))).toBe(text);
  });

  test.each(["", "1", "1-", "-1", "1-2-3", "1.2", "a-b", "1-2.", `${"9".repeat(16)}-0`, "+-1"])(
    "%j is none",
    (text) => expect(parseMessageId(text)).toBeUndefined(),
  );

  test("are in order", () => {
    const ordered = ["0-0", "1-1", "1-1.1", "1-1.10", "1-2", "1-10", "2-0"];
    const shuffled = [...ordered].sort().reverse();
    expect(shuffled.sort((a, b) => (isLater(id(a), id(b)) ? 1 : -1))).toEqual(ordered);
    expect(isLater(id("1-1"), id("1-1"))).toBe(false);
  });

  test("grow, also when the clock goes back", () => {
    const first = nextId(firstId, 1000);
    const second = nextId(first, 1000);
    const third = nextId(second, 900);
    expect([first, second, third, nextId(third, 2000)].map(formatMessageId)).toEqual([
      ...["1000-0", "1000-1", "1000-2", "2000-0"],
    ]);
  });

  test("of a server that is alone follow the last shared one", () => {
    const local = nextLocalId(nextLocalId(id("5-1")));
    expect(formatMessageId(local)).toBe("5-1.2");
    expect(isLater(id("5-2"), local)).toBe(true);
  });
});
