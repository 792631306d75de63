import { cleanUp } from "./echo.ts";

const rejections: unknown[] = [];

/** Collects what would end the process, until the test is over. */
export function watchRejections(): void {
  const listener = (error: unknown) => void rejections.push(error);
  rejections.length = 0;
  process.on("unhandledRejection", listener);
  cleanUp(() => void process.off("unhandledRejection", listener));
}

/** The rejections that nothing has handled so far. */
export async function unhandled(): Promise<unknown[]> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return rejections;
}
