import type { PromptObject } from "prompts";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { withTerminalKeys } from "./terminal-keys.ts";

type Terminal = Pick<Host, "signal" | "note">;

/** One choice of a list. */
export interface Choice<T> {
  readonly title: string;
  readonly value: T;
  /** Of several that can be chosen: chosen unless the user says otherwise. */
  readonly selected?: boolean;
}

/** A question that is answered with a line of text. */
export interface TextQuestion {
  readonly message: string;
  /** The answer of an empty line. Default "". */
  readonly initial?: string;
  /** Rejects with a UsageError for an invalid answer; then the question is repeated. */
  readonly check: (answer: string) => Promise<unknown>;
}

/** @throws InterruptedError when a key or signal aborts a prompt, as all functions here do. */
export async function askText(
  terminal: Terminal,
  { message, initial = "", check }: TextQuestion,
): Promise<string> {
  for (;;) {
    const answer = await ask<string>(terminal, { type: "text", message, initial });
    try {
      await check(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      showProblem(terminal, error);
    }
  }
}

/** Shows a whole error, with its details, before the next prompt: `prompts` cuts its own. */
export function showProblem({ note }: Terminal, { message, details }: UsageError): void {
  note(`${[message, ...details].map(printable).join("\n")}\n`);
}

export async function askOne<T extends string | boolean>(
  terminal: Terminal,
  message: string,
  choices: readonly Choice<T>[],
  initial?: T,
): Promise<T> {
  const index = choices.findIndex(({ value }) => value === initial);
  const start = Math.max(0, index);
  return ask<T>(terminal, { type: "select", message, choices: [...choices], initial: start });
}

export async function askSome(
  terminal: Terminal,
  message: string,
  choices: readonly Choice<string>[],
): Promise<readonly string[]> {
  const chosen = await ask<readonly string[]>(terminal, {
    type: "multiselect",
    message,
    choices: [...choices],
    instructions: false,
    hint: "Space chooses, Enter goes on",
  });
  // `prompts` leaves the line of the answer empty.
  if (chosen.length === 0) terminal.note("  none\n");
  return chosen;
}

export function askYesOrNo(terminal: Terminal, message: string, initial = true): Promise<boolean> {
  return ask<boolean>(terminal, { type: "confirm", message, initial });
}

/**
 * Shows one prompt. `T` must fit the question, because `prompts` types its answers as any. A terminal sends
 * Ctrl-C to the prompt as a key; other signals abort the prompt here.
 */
async function ask<T>(
  { signal }: Terminal,
  question: Omit<PromptObject<"answer">, "name">,
): Promise<T> {
  const { default: prompts } = await import("prompts");
  if (signal.aborted) throw new InterruptedError();
  let leave = () => {};
  const onAbort = () => leave();
  signal.addEventListener("abort", onAbort);
  try {
    const { answer } = await withTerminalKeys((stdin): Promise<{ answer?: T }> => {
      return prompts({
        ...question,
        name: "answer",
        stdin,
        // `this` is the prompt: there is no other way to get it.
        onRender(this: unknown) {
          leave = () => leavePrompt(this);
        },
      });
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
