import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";

/** Where the corpora are kept between runs. Git-ignored; safe to delete. */
export const cacheFolder = join(packageRoot(), "test", ".tmp", "corpus");
