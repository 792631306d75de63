import { testedDate } from "../../src/tested-date.ts";

/**
 * Day as of which projects of tests, demos and benchmarks install. The ranges in a project then always
 * give the same tree, and a release of somebody else breaks no build of ours. `REGISTRY_DATE= npm test`
 * installs the newest that the ranges allow, as a weekly workflow does.
 */
export const registryDate = process.env.REGISTRY_DATE ?? testedDate;
