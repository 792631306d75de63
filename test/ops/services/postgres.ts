import { folderOfPostgres, type Postgres, runProgram, servePostgres } from "./postgres-process.ts";

export type { Postgres } from "./postgres-process.ts";

/**
 * Starts a new, empty server.
 *
 * @param settings such as `max_connections=20`
 */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const folder = await folderOfPostgres();
  const setUp = ["--auth=trust", "--username=app", "--no-sync", "--encoding=UTF8", "--locale=C"];
  await runProgram(folder, "initdb", ...setUp, "data");
  return await servePostgres(folder, settings);
}
