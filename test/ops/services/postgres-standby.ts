import { Client } from "pg";
import { folderOfPostgres, type Postgres, runProgram, servePostgres } from "./postgres-process.ts";

/** A copy of a server that follows it and answers queries, but no writes. */
export interface Standby extends Postgres {
  /** Makes it a server of its own, which takes writes. */
  promote(): Promise<void>;
}

/** Starts one. From then on, the primary acknowledges only what the standby has as well. */
export async function startStandby(primary: Postgres): Promise<Standby> {
  const folder = await folderOfPostgres();
  const from = ["--dbname", primary.url, "--write-recovery-conf", "--checkpoint=fast"];
  await runProgram(folder, "pg_basebackup", ...from, "--no-sync", "--pgdata", "data");
  const standby = await servePostgres(folder, []);
  await ask(
    primary,
    "ALTER SYSTEM SET synchronous_standby_names = '*'",
    "SELECT pg_reload_conf()",
    // Waits for the standby.
    "CREATE TABLE followed ()",
  );
  return { ...standby, promote: () => ask(standby, "SELECT pg_promote()") };
}

async function ask({ url }: Postgres, ...statements: string[]): Promise<void> {
  const client = new Client(url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
