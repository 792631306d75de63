import { rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { generatedFolders, generateProtos } from "./protos/generate.ts";

/** Generates the code that this repository itself uses: `npm run protos`. */
const root = packageRoot();
for (const folder of generatedFolders) await rm(join(root, folder), { recursive: true });
await generateProtos(root);
