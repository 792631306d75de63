import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import type { Catalog, Manifest } from "../templates/manifests.ts";
import type { Options } from "./options.ts";
import { askSome } from "./prompt.ts";

/**
 * Prompts for the additions that no flag selects and the starter does not require.
 *
 * @param starter name of the starter, or ""
 * @returns the names of the chosen ones
 * @throws UsageError for `--no-<name>` of one that the starter requires
 */
export async function askAdditions(
  { additions: given }: Pick<Options, "additions">,
  host: Host,
  asking: boolean,
  { additions, starters }: Catalog,
  starter: string,
): Promise<string[]> {
  const manifest = starters.find(({ name }) => name === starter);
  const { additions: own = [], requires = [] } = manifest ?? {};
  const refused = requires.find((name) => given.get(name) === false);
  if (refused !== undefined) {
    throw new UsageError(
      `the starter ${starter} requires ${refused}: leave out --no-${refused}, or use another starter`,
    );
  }
  const isUsual = ({ name, isDefault }: Manifest): boolean => isDefault || own.includes(name);
  const open = additions.filter(({ name }) => !given.has(name) && !requires.includes(name));
  const chosen =
    asking && open.length > 0
      ? await askSome(
          host,
          "Optional infrastructure",
          open.map((manifest) => {
            return { title: manifest.title, value: manifest.name, selected: isUsual(manifest) };
          }),
        )
      : open.filter(isUsual).map(({ name }) => name);
  const names = additions.map(({ name }) => name);
  return names.filter((name) => {
    return requires.includes(name) || (given.get(name) ?? chosen.includes(name));
  });
}
