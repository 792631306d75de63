// Calls that run while their server goes.
import { Channel } from "./channel.mjs";

/** Responses of the handler `rest`. */
const replies = { unary: 1, "server streaming": 2, "client streaming": 1, bidi: 2 };

export const drainingAnswers = {
  /** Calls of all patterns at once; tells how many did not end with OK and all messages. */
  async rest({ port, each, ms }) {
    const channel = new Channel(port);
    await channel.connected();
    const calls = Object.entries(replies).flatMap(([pattern, expected]) =>
      Array.from({ length: each }, async () => {
        const call = { pattern, mode: "rest", number: ms, timeoutMs: ms + 20_000 };
        const { status, received } = await channel.call(call);
        return status === "0" && received === expected;
      }),
    );
    const ended = await Promise.all(calls);
    await channel.close();
    return { lost: ended.filter((well) => !well).length };
  },
};
