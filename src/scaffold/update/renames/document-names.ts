import { posix } from "node:path";
import type { Sources } from "../sources.ts";
import type { OldName } from "./old-names.ts";
import { renameTexts } from "./rename-texts.ts";

/**
 * The documents that a project is made with. Documents of the user may use an old name on purpose, for example
 * in a history.
 */
const ownDocuments: ReadonlySet<string> = new Set([
  "AGENTS.md",
  "README.md",
  "docs/cookbook.md",
  "docs/operations.md",
  "docs/services.md",
  "docs/starter.md",
]);

/**
 * Replaces old names in the documents of a project: names in code, where they can mean nothing else, and the
 * paths of files that moved.
 */
export function renameInDocuments(sources: Sources, names: readonly OldName[]): void {
  for (const [path, text] of sources.texts) {
    if (!path.endsWith(".md")) continue;
    const linked = [...sources.moves].reduce(withLinkText, text);
    const changed = ownDocuments.has(path)
      ? linked.replace(code, (part) =>
          names.filter(({ isShared }) => !isShared).reduce(renamed, part),
        )
      : linked;
    if (changed !== text) sources.set(path, changed);
  }
  renameTexts(sources, sources.moves);
}

/** The places in documents that still have an old name: `docs/cookbook.md:12: GetUser`. */
export function namesLeft(texts: ReadonlyMap<string, string>, names: readonly OldName[]): string[] {
  if (names.length === 0) return [];
  const documents = [...texts].filter(([path]) => path.endsWith(".md"));
  return documents.flatMap(([path, text]) =>
    text.split("\n").flatMap((line, index) => {
      const found = names.filter(({ from }) => mention(from).test(line)).map(({ from }) => from);
      return found.length === 0 ? [] : [`${path}:${index + 1}: ${found.join(", ")}`];
    }),
  );
}

/** Blocks of code, and code in a line. */
const code = /^(`{3,}|~{3,})[\s\S]*?^\1|(?<!`)`[^`\n]+`(?!`)/gm;

function renamed(text: string, { from, to }: OldName): string {
  // Nothing but our code has names such as `userServiceDefinition`; a `getUser` may be of another object.
  const isClear = isCapital(from) || /Service(?:Definition|Handlers)\b/.test(from);
  return text.replaceAll(isClear ? mention(from) : callOf(from), () => to);
}

function isCapital(name: string): boolean {
  return /^[A-Z]/.test(name);
}

/**
 * Where a text may mean a name. A single word may be one of the language: `Get` is meant as the only one in
 * backticks, `get` as a call of a client.
 */
function mention(name: string): RegExp {
  const isSingle = !/[a-z\d][A-Z]/.test(name);
  if (isSingle && !isCapital(name)) return callOf(name);
  if (isSingle) return new RegExp(`(?<=(?<!\`)\`)${escaped(name)}(?=\`(?!\`))`, "g");
  // `other.v1.GetUser` and `other.v1.Users/GetUser` are full names of something else.
  const before = isCapital(name) ? "[\\w$/.-]" : "[\\w$/-]";
  return new RegExp(`(?<!${before})${escaped(name)}(?![\\w$-])`, "g");
}

/** `client.getUser(`, also by a longer name of the client. */
function callOf(name: string): RegExp {
  return new RegExp(`(?<=\\b\\w*[cC]lient\\.)${escaped(name)}(?=\\()`, "g");
}

function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}

/** `[get-user.ts](../src/services/user/get-user.ts)`, whose path follows the file. */
function withLinkText(text: string, [from, to]: readonly [string, string]): string {
  const [was, is] = [`[${posix.basename(from)}](`, `[${posix.basename(to)}](`];
  return text.split(was).reduce((before, after) => {
    const target = /^[^)\s]*/.exec(after)?.[0] ?? "";
    return before + (target.endsWith(from) ? is : was) + after;
  });
}
