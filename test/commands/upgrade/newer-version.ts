import { before, type Patches, swap } from "../../support/other-version.ts";

export const project = "templates/project";

/** A version whose app stops after ten seconds, with a page and without a .gitattributes. */
export const newer: Patches = {
  [`${project}/src/app.ts`]: before("    logger:", "    drainMs: 10_000,"),
  [`${project}/Makefile.hbs`]: swap("## Run the tests", "## Run all tests"),
  [`${project}/docs/limits.md`]: () => "# Limits\n",
  [`${project}/_gitattributes`]: () => undefined,
  [`${project}/package.json.hbs`]: swap('"dev": "tsx watch', '"dev": "tsx watch --clear'),
};

export const noFormatter =
  "No formatter of this project is installed (biome or prettier). If you format it in another way, expect conflicts.\n";
