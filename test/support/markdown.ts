/** A fenced block of a Markdown text. */
export interface Block {
  /** What follows the opening fence, such as `sh`. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown text, in their order. */
export function codeBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** The commands of all shell blocks: continued lines joined, comments removed. */
export function shellCommands(markdown: string): string[] {
  return codeBlocks(markdown)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.replaceAll(/\s*\\\n\s*/g, " ").split("\n"))
    .map((line) => line.replace(/(?:^|\s+)# .*$/, "").trim())
    .filter((command) => command !== "");
}

/** The code spans that start with a program that is run in a terminal. */
export function inlineCommands(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => /^(?:npm|npx|pnpm|yarn|node|make|git|cp|docker|kubectl) /.test(code));
}
