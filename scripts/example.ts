import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { exampleFolder, scaffoldExample } from "./example/scaffold.ts";

/** Writes examples/user-service anew: `npm run example`. */
const fresh = await scaffoldExample();
try {
  await rm(exampleFolder, { recursive: true, force: true });
  await rename(fresh, exampleFolder);
} finally {
  await rm(dirname(fresh), { recursive: true, force: true });
}
