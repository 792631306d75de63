/** Redis did not answer in time. It may still run the command. */
export class RedisTimeoutError extends Error {
  override readonly name = "RedisTimeoutError";

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/**
 * Waits for an answer, but not longer than `ms`. A timeout in node-redis ends with the sending of the
 * command, and one of the socket starts anew with each write, so neither ends when the server hangs.
 *
 * If this process was stalled meanwhile, it waits once more: the answer may have been here for long.
 *
 * @throws RedisTimeoutError, or what `answer` rejects with.
 */
export function answerWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const wait = (isLast: boolean): void => {
      const due = performance.now() + ms;
      timer = setTimeout(() => {
        const stalled = performance.now() - due > ms / 2;
        if (stalled && !isLast) wait(true);
        else reject(new RedisTimeoutError(ms));
      }, ms);
    };
    wait(false);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
