import { testedDate } from "../../src/tested-date.ts";

/**
 * Day as of which projects of tests, demos and benchmarks install. The ranges in a project then always
 * give the same tree, and a release of somebody else breaks no build of ours. `REGISTRY_DATE= npm test`
 * installs the newest that the ranges allow, as a weekly workflow does.
 */
export const registryDate = process.env.REGISTRY_DATE ?? testedDate;

/**
 * Folder of an npm cache that was filled on or after this day. What is in it is not asked for again, which is
 * most of the time of an install. Undefined: the cache of the user, which may know less than the ranges need.
 */
export const registryCache = process.env.REGISTRY_CACHE;

/** The settings of npm that these are. */
export function npmSettings(): Readonly<Record<string, string>> {
  if (registryDate === "") return { npm_config_before: new Date().toISOString() };
  if (registryCache === undefined) return { npm_config_before: registryDate };
  return {
    npm_config_before: registryDate,
    npm_config_cache: registryCache,
    npm_config_prefer_offline: "true",
  };
}
