const answers: unknown[] = [];

/** What the next prompts are answered with, in order. An Error stands for Ctrl-C. */
export function inject(next: readonly unknown[]): void {
  answers.splice(0, answers.length, ...next);
  texts.splice(0);
}

/** What prompts and problems were shown since then. */
export function shown(): readonly string[] {
  return texts;
}

const texts: string[] = [];

/** In place of the functions of @clack/prompts: `vi.mock("@clack/prompts", () => import("./scripted-prompts.ts"))`. */
export { answer as confirm, answer as multiselect, answer as select, answer as text };

export const log = {
  error: (message: string): void => {
    texts.push(message);
  },
};

async function answer({ message, defaultValue }: { message: string; defaultValue?: string }) {
  texts.push(message);
  if (answers.length === 0) throw new Error(`no answer for: ${message}`);
  const next = answers.shift();
  if (next instanceof Error) return Symbol("cancelled");
  return next === "" && defaultValue !== undefined ? defaultValue : next;
}
