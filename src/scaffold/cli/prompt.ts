import type { PromptObject } from "prompts";
import { InterruptedError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Asks one question. `prompts` types its answers as any: the question says what it is. A terminal
 * hands Ctrl-C to the prompt as a key; a signal from elsewhere has to be handed on.
 *
 * @throws InterruptedError when the question is left by key or signal.
 */
export async function ask<T>(
  { signal }: Pick<Host, "signal">,
  question: PromptObject<"answer">,
): Promise<T> {
  const { default: prompts } = await import("prompts");
  if (signal.aborted) throw new InterruptedError();
  let leave = () => {};
  const onAbort = () => leave();
  signal.addEventListener("abort", onAbort);
  try {
    const { answer }: { answer?: T } = await prompts({
      ...question,
      // It is called on the prompt, the only way to get hold of that.
      onRender(this: unknown) {
        leave = () => leavePrompt(this);
      },
    });
    if (answer === undefined) throw new InterruptedError();
    return answer;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** What the prompt does on Ctrl-C: it gives the terminal back and has no answer. */
function leavePrompt(prompt: unknown): void {
  const abort: unknown = typeof prompt === "object" && prompt && Reflect.get(prompt, "abort");
  if (typeof abort === "function") Reflect.apply(abort, prompt, []);
}

/**
 * For `validate`: true, or why an answer will not do; then it is asked for again. The reason is cut
 * to one line of the terminal: of a longer one, `prompts` leaves parts on the screen.
 */
export async function complaint(
  { columns }: Pick<Host, "columns">,
  check: () => Promise<unknown>,
): Promise<true | string> {
  try {
    await check();
    return true;
  } catch (error) {
    const reason = printable(error instanceof Error ? error.message : String(error));
    const room = columns - "› ".length;
    return reason.length > room ? `${reason.slice(0, room - 1)}…` : reason;
  }
}
