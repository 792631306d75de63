/**
 * Day as of which projects of tests, demos and benchmarks install: npm sees nothing that was published
 * on it or later. The ranges in a project then always give the same tree, and a release of somebody
 * else breaks no build of ours. Bump it together with the pins in package.json, which must be older.
 * `REGISTRY_DATE= npm test` installs the newest that the ranges allow, as a weekly workflow does.
 */
export const registryDate = process.env.REGISTRY_DATE ?? "2026-11-26";
