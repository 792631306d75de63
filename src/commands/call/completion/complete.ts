import { splitArguments } from "../../../reflection/address.ts";
import type { Schema } from "../../../reflection/schema.ts";
import type { StreamHost } from "../../../terminal/host.ts";
import type { Command } from "../../command.ts";
import type { Flags } from "../../input.ts";
import { type ServerFlags, serverFlags } from "../flags.ts";
import { allServices, pathOf } from "../schema/find-method.ts";
import { withSchema } from "../session.ts";

/**
 * Prints what the last word can become, a candidate per line; nothing if that is not known, so that the
 * shell completes files.
 *
 * @param words those of the command line after the program, the last one as far as it is typed
 * @param commands all that can be completed
 */
export async function printCandidates(
  words: readonly string[],
  commands: readonly Command[],
  host: StreamHost,
): Promise<number> {
  const word = words.at(-1) ?? "";
  for (const candidate of await candidates(words, commands, host)) {
    if (candidate.startsWith(word)) host.print(`${candidate}\n`);
  }
  return 0;
}

async function candidates(
  words: readonly string[],
  commands: readonly Command[],
  host: StreamHost,
): Promise<readonly string[]> {
  const [name = "", ...rest] = words;
  if (rest.length === 0) return commands.map((command) => command.name);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return [];
  const word = rest.at(-1) ?? "";
  const { positionals, values, open } = scan(rest.slice(0, -1), command.flags);
  if (open === "error-format") return ["text", "json"];
  if (open !== undefined) return [];
  if (word.startsWith("-"))
    return [...Object.keys(command.flags), "help"].map((flag) => `--${flag}`);
  if (name === "completion") return ["bash", "zsh", "fish"];
  if (!["call", "list", "describe"].includes(name)) return [];
  const { address, rest: named } = splitArguments(positionals);
  // The method is there; its JSON cannot be completed.
  if (named.length > 0) return [];
  const found: string[] = [];
  const { cwd, env, signal, print } = host;
  const quiet = { cwd, env, signal, print, interactive: false, columns: 80, note: () => {} };
  await withSchema(serverFlagsIn(values), address, quiet, async (schema) => {
    found.push(...(await namesFor(name, word, schema)));
  }).catch(() => undefined);
  return found;
}

/** Services or methods; names without package for a word that no full name starts with. */
async function namesFor(command: string, word: string, schema: Schema): Promise<string[]> {
  if (command === "list") return [...(await schema.serviceNames())];
  const services = await allServices(schema);
  const methods = services.flatMap(({ service }) => service.methods.map(pathOf));
  const full =
    command === "call" ? methods : [...services.map(({ service }) => service.typeName), ...methods];
  if (full.some((name) => name.startsWith(word))) return full;
  return methods.flatMap((path) => {
    const method = path.slice(path.indexOf("/") + 1);
    const short = path.slice(0, path.indexOf("/")).replace(/^.*\./, "");
    return [`${short}/${method}`, method];
  });
}

interface Scanned {
  readonly positionals: readonly string[];
  /** Values of flags, by name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The flag whose value is the word at the cursor. */
  readonly open: string | undefined;
}

function scan(words: readonly string[], flags: Flags): Scanned {
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  let open: string | undefined;
  const add = (name: string, value: string) =>
    values.set(name, [...(values.get(name) ?? []), value]);
  for (const word of words) {
    if (open !== undefined) {
      add(open, word);
      open = undefined;
      continue;
    }
    const [, long, short, value] = /^(?:--([^=]+)|-(\w))(?:=?(.+))?$/s.exec(word) ?? [];
    const name = long ?? (short === undefined ? undefined : longName(short, flags));
    const flag = name === undefined ? undefined : flags[name];
    if (name === undefined || flag === undefined) positionals.push(word);
    else if (flag.type === "boolean") add(name, "");
    else if (value === undefined) open = name;
    else add(name, value);
  }
  return { positionals, values, open };
}

function longName(short: string, flags: Flags): string | undefined {
  return Object.keys(flags).find((key) => flags[key]?.short === short);
}

/** The flags that say where descriptors come from, as `parseArgs` gives them. */
function serverFlagsIn(values: ReadonlyMap<string, readonly string[]>): ServerFlags {
  const flags = Object.entries<Flags[string]>(serverFlags).flatMap(([name, { type, multiple }]) => {
    const given = values.get(name);
    if (given === undefined) return [];
    return [[name, type === "boolean" ? true : multiple === true ? given : given.at(-1)]];
  });
  // A short limit: nobody waits for completion.
  return { "connect-timeout": "1s", timeout: "2s", ...Object.fromEntries(flags) };
}
