import { describe, expect, test } from "vitest";
import { metadataSize } from "../../../runtime/src/server/metadata-size.ts";
import { connect, failure } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";

test("each entry counts with its key, its value and 32 bytes", () => {
  expect(metadataSize([])).toBe(0);
  const headers = ["x-a", "1234", "set-cookie", "a", "set-cookie", "bc"];
  expect(metadataSize(headers)).toBe(39 + 43 + 44);
});

describe.each([own, plain])("$name", (kind) => {
  test.each([
    ["the default", {}, 15_000, 17_000],
    ["a limit of its own", { maxMetadataBytes: 40_000 }, 38_000, 41_000],
  ])("metadata beyond %s is refused with a clear status", async (_, limits, fits, tooMuch) => {
    const port = await kind.listen({ unary: async () => ({}) }, limits);
    const client = connect(`127.0.0.1:${port}`);
    await client.unary({}, { metadata: { "x-long": "v".repeat(fits) } });
    expect(
      await failure(client.unary({}, { metadata: { "x-long": "v".repeat(tooMuch) } })),
    ).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      rawMessage: expect.stringMatching(/^the metadata is larger than allowed: \d+ of \d+ bytes$/),
    });
    await client.unary({});
  });
});
