import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { freePort } from "../../runtime/support/free-port.ts";
import { postgresFolder } from "../../support/tools.ts";

/** A PostgreSQL server of our own, with the database `postgres` for the user `app`. */
export interface Postgres {
  readonly url: string;
  /** Folder of its programs, such as psql. */
  readonly bin: string;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** After `kill`, with the data that was there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The user that runs PostgreSQL, which refuses to run as root; undefined: that of this process. */
export const nobody: number | undefined = process.getuid?.() === 0 ? 65534 : undefined;

/** A folder that this user may write to. */
export async function folderOfPostgres(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-postgres-"));
  await chmod(folder, 0o777);
  return folder;
}

/** Runs a program of PostgreSQL in its folder. */
export async function runProgram(folder: string, program: string, ...args: string[]) {
  return await execa(...commandOf(program, args), { cwd: folder });
}

function programs(): string {
  const bin = postgresFolder();
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  return bin;
}

function commandOf(program: string, args: readonly string[]): [program: string, args: string[]] {
  const asNobody = nobody === undefined ? [] : ["setpriv", `--reuid=${nobody}`, "--clear-groups"];
  const [first = "", ...rest] = [...asNobody, join(programs(), program), ...args];
  return [first, rest];
}

/**
 * Serves `data` in the folder, and removes the folder at the end.
 *
 * @param settings such as `max_connections=20`
 */
export async function servePostgres(
  folder: string,
  settings: readonly string[],
): Promise<Postgres> {
  const port = String(await freePort());

  function run() {
    const where = ["-D", join(folder, "data"), "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"];
    const further = settings.flatMap((setting) => ["-c", setting]);
    const command = commandOf("postgres", [...where, ...further]);
    return execa(...command, { cwd: folder, reject: false });
  }

  async function ready(server: ReturnType<typeof run>): Promise<void> {
    const ask = commandOf("pg_isready", ["-h", "127.0.0.1", "-p", port, "-U", "app"]);
    let ended = false;
    void server.then(() => {
      ended = true;
    });
    while ((await execa(...ask, { reject: false })).exitCode !== 0) {
      if (ended) throw new Error(`postgres ended: ${(await server).stderr}`);
    }
  }

  let server = run();
  await ready(server);
  return {
    url: `postgres://app@127.0.0.1:${port}/postgres`,
    bin: programs(),
    async kill() {
      server.kill("SIGQUIT");
      await server;
    },
    async restart() {
      server = run();
      await ready(server);
    },
    async stop() {
      // Waits for connections that are being closed; `pg` fails on one that the server closes.
      server.kill("SIGTERM");
      const impatient = setTimeout(() => server.kill("SIGINT"), 5_000);
      await server;
      clearTimeout(impatient);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
