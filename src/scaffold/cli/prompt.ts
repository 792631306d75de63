import type { PromptObject } from "prompts";
import { InterruptedError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Shows one prompt. `T` must fit the question, because `prompts` types its answers as any. A terminal
 * sends Ctrl-C to the prompt as a key; other signals abort the prompt here.
 *
 * @throws InterruptedError when a key or signal aborts the prompt.
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
      // `this` is the prompt: there is no other way to get it.
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

/** Aborts a prompt as Ctrl-C does: it restores the terminal and has no answer. */
function leavePrompt(prompt: unknown): void {
  const abort: unknown = typeof prompt === "object" && prompt && Reflect.get(prompt, "abort");
  if (typeof abort === "function") Reflect.apply(abort, prompt, []);
}

/**
 * Result for `validate`: true, or the reason why the answer is invalid; then the prompt is repeated. The
 * reason is cut to one line of the terminal: `prompts` leaves parts of longer ones on the screen.
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
