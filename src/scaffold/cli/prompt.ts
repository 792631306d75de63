import type { CANCEL_SYMBOL } from "@clack/prompts";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";

type Terminal = Pick<Host, "signal">;

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
  /** Rejects with a UsageError for an invalid answer; then the question is repeated, with the answer to edit. */
  readonly check: (answer: string) => Promise<unknown>;
}

/** @throws InterruptedError when a key or signal aborts a prompt, as all functions here do. */
export async function askText(
  terminal: Terminal,
  { message, initial = "", check }: TextQuestion,
): Promise<string> {
  const { text } = await library();
  let earlier = "";
  for (;;) {
    const answer = await answered(terminal, (signal) => {
      const suggestion = { placeholder: initial, defaultValue: initial, initialValue: earlier };
      return text({ message, signal, ...suggestion });
    });
    try {
      await check(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      await showProblem(error);
      earlier = answer;
    }
  }
}

/** Shows a whole error, with its details, before the next prompt. */
export async function showProblem({ message, details }: UsageError): Promise<void> {
  const { log } = await library();
  log.error([message, ...details].map(printable).join("\n"));
}

export async function askOne<T extends string | boolean>(
  terminal: Terminal,
  message: string,
  choices: readonly Choice<T>[],
  initial?: T,
): Promise<T> {
  const { select } = await library();
  const options = choices.map(({ title, value }) => ({ label: title, value: String(value) }));
  const initialValue = initial === undefined ? {} : { initialValue: String(initial) };
  const answer = await answered(terminal, (signal) =>
    select({ message, options, signal, ...initialValue }),
  );
  const chosen = choices.find(({ value }) => String(value) === answer);
  if (chosen === undefined) throw new Error(`no choice ${answer}`);
  return chosen.value;
}

export async function askSome(
  terminal: Terminal,
  message: string,
  choices: readonly Choice<string>[],
): Promise<readonly string[]> {
  const { multiselect } = await library();
  const options = choices.map(({ title, value }) => ({ label: title, value }));
  const initialValues = choices.filter(({ selected }) => selected).map(({ value }) => value);
  return answered(terminal, (signal) =>
    multiselect({ message, options, initialValues, required: false, signal }),
  );
}

export async function askYesOrNo(terminal: Terminal, message: string): Promise<boolean> {
  const { confirm } = await library();
  return answered(terminal, (signal) => confirm({ message, initialValue: true, signal }));
}

/** Loads the prompts when there is something to ask. */
function library() {
  // Some terminals do not know their size: each letter would get a line of its own.
  const { stdout } = process;
  if (stdout.columns === 0) Object.assign(stdout, { columns: 80, rows: 24 });
  return import("@clack/prompts");
}

/** A terminal sends Ctrl-C to the prompt as a key; other signals abort the prompt. */
async function answered<T>(
  { signal }: Terminal,
  prompt: (signal: AbortSignal) => Promise<T | typeof CANCEL_SYMBOL>,
): Promise<T> {
  if (signal.aborted) throw new InterruptedError();
  const answer = await prompt(signal);
  if (typeof answer === "symbol") throw new InterruptedError();
  return answer;
}
