import { collect } from "grpc-service/testing";
import { expect, test } from "vitest";
import { wholeCharacters } from "../../src/model/whole-characters.ts";

async function* model(...tokens: string[]): AsyncIterable<string> {
  yield* tokens;
}

test.each([
  [
    ["a", "나", "🙂"],
    ["a", "나", "🙂"],
  ],
  [
    ["a\ud83d", "\ude42b"],
    ["a", "🙂b"],
  ],
  [["\ud83d", "\ude42"], ["🙂"]],
  [["\ud83d", "x"], ["\ufffdx"]],
  [["x\ude42"], ["x\ufffd"]],
  [
    ["x", "\ud83d"],
    ["x", "\ufffd"],
  ],
  [["", "x", ""], ["x"]],
  [[], []],
])("%j becomes %j", async (tokens, whole) => {
  expect(await collect(wholeCharacters(model(...tokens)))).toEqual(whole);
});

test("no token is lost in text that is split everywhere", async () => {
  const text = "Family 👩‍👩‍👧, 한국어, é, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢";
  const units = Array.from({ length: text.length }, (_, index) => text.charAt(index));
  const tokens = await collect(wholeCharacters(model(...units)));
  expect(tokens.join("")).toBe(text);
  for (const token of tokens) expect(Buffer.from(token).toString()).toBe(token);
});
