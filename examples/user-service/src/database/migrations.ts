import { fileURLToPath } from "node:url";

/** Two folders below package.json both as src/database and as dist/database. */
export const migrationsFolder: string = fileURLToPath(new URL("../../migrations", import.meta.url));
