import type { Host } from "../../terminal/host.ts";
import type { Catalog } from "../templates/manifests.ts";
import type { Options } from "./options.ts";
import { ask } from "./prompt.ts";

/** Prompts for the additions that no flag selects. @returns the names of the chosen ones */
export async function askAdditions(
  { additions: given }: Pick<Options, "additions">,
  host: Host,
  asking: boolean,
  { additions }: Pick<Catalog, "additions">,
): Promise<string[]> {
  const open = additions.filter(({ name }) => !given.has(name));
  const chosen =
    asking && open.length > 0
      ? await ask<string[]>(host, {
          type: "multiselect",
          name: "answer",
          message: "Optional infrastructure",
          instructions: false,
          hint: "space to select, enter to continue",
          choices: open.map(({ name, title, isDefault }) => {
            return { title, value: name, selected: isDefault };
          }),
        })
      : open.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  const names = additions.map(({ name }) => name);
  return names.filter((name) => given.get(name) ?? chosen.includes(name));
}
