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

/** `note` of a host. */
export function note(text: string): void {
  texts.push(text.trim());
}

/** In place of `prompts`: `vi.mock("prompts", () => import("./scripted-prompts.ts"))`. */
export default async function prompts({ type, message, initial }: Record<string, unknown>) {
  texts.push(String(message));
  if (answers.length === 0) throw new Error(`no answer for: ${message}`);
  const next = answers.shift();
  if (next instanceof Error) return {};
  return { answer: type === "text" && next === "" ? initial : next };
}
